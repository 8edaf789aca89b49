using Docker.DotNet;
using Docker.DotNet.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SandQueue.Storage.Model;
using SandQueue.Testing.Docker;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Leases;
using SandQueue.Workers.Protocols.EnvironmentService;
using SandQueue.Workers.Runtimes.Docker;

namespace SandQueue.Workers.Tests.Runtimes.Docker;

/// <summary>An engine that goes away under its worker. It is one of its own: others' tests need theirs.</summary>
public sealed class EngineAwayTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Its_containers_run_on_without_it_and_their_end_is_noticed_when_it_is_back()
    {
        var (engine, missing) = await PrivateEngine.StartAsync(filters: false);
        Assert.SkipWhen(engine is null, missing ?? "");
        var sockets = Directory.CreateDirectory($"/dev/shm/sq-{Guid.NewGuid().ToString("n")[..8]}").FullName;
        await using (engine)
        {
            using var configuration = new DockerClientConfiguration(engine!.Address);
            using var client = configuration.CreateClient();
            var settings = new DockerRuntimeOptions { Host = engine.Address.ToString(), Image = await EnvironmentImage.RequireAsync(client, Cancel), SocketFolder = sockets };
            using var runtime = new DockerRuntime(Options.Create(settings), new WorkerIdentity(), TimeProvider.System, NullLogger<DockerContainer>.Instance);
            var container = await runtime.StartAsync("frozenlake", new EnvironmentOptions(), Cancel);
            await new EnvironmentServiceProtocol(new EnvironmentOptions(), TimeProvider.System).WaitUntilReadyAsync(container, Cancel);

            await engine.CrashAsync();

            var failure = await Should.ThrowAsync<ContainerException>(runtime.RemoveLeftoversAsync((_, _) => Task.FromResult(true), Cancel));
            failure.Message.ShouldContain($"nothing answers at {engine.Address}");
            // The server goes on without its engine, and so do its instances.
            container.Exited.IsCancellationRequested.ShouldBeFalse();
            await new EnvironmentServiceProtocol(new EnvironmentOptions(), TimeProvider.System).WaitUntilReadyAsync(container, Cancel);
            (await container.MeasureMemoryAsync(Cancel)).ShouldBeNull();

            // An engine that comes back ends what it finds running.
            var exited = new TaskCompletionSource();
            container.Exited.Register(exited.SetResult);
            (await engine.StartAgainAsync()).ShouldBeTrue();
            await exited.Task.WaitAsync(TimeSpan.FromSeconds(60), Cancel);
            await container.DisposeAsync();
            (await client.Containers.ListContainersAsync(new ContainersListParameters { All = true }, Cancel)).ShouldBeEmpty();
        }

        Directory.GetDirectories(sockets).ShouldBeEmpty();
        Directory.Delete(sockets);
    }
}
