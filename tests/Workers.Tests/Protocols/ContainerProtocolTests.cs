using System.Text;
using System.Text.Json;
using Docker.DotNet.Models;
using SandQueue.ProtocolServers;
using SandQueue.Testing.Docker;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Protocols;
using SandQueue.Workers.Tests.Runtimes.Docker;

namespace SandQueue.Workers.Tests.Protocols;

/// <summary>Every protocol once with real containers: servers of its shape that speak TCP, in a network of their own.</summary>
public sealed class ContainerProtocolTests(DockerEngineFixture fixture) : DockerTest(fixture)
{
    private const int Port = 8000;

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("sandqueue-data-");
    private string _wording = "PLACE";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        var datasets = _data.CreateSubdirectory("datasets");
        await File.WriteAllTextAsync(Path.Combine(datasets.FullName, "train.txt"), "1\n2\n", Cancel);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _data.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData("environment-service", "PLACE")]
    [InlineData("openenv", "PLACE")]
    [InlineData("appworld", "```python\nPLACE\n```")]
    public async Task An_episode_a_lost_session_and_a_replay_in_containers(string protocolName, string wording)
    {
        _wording = wording;
        var options = new EnvironmentOptions
        {
            Image = await ProtocolServersImage.RequireAsync(Engine, Cancel),
            Protocol = protocolName,
            Port = Port,
            Arguments = [protocolName, $"{Port}"],
            Data = _data.FullName,
            MaxContainers = 2,
            Replayable = "yes",
            OpenEnv = new OpenEnvOptions { Splits = { ["train"] = "1-2" }, ObservationField = "text" },
        };
        var protocol = new EnvironmentProtocols(TimeProvider.System).Create("game", options);
        var container = await StartReadyAsync(protocol, options);

        Text(await protocol.DescribeAsync(container, "game", Cancel)).ShouldContain("\"replayable\":\"yes\"");
        Text(await protocol.ListTasksAsync(container, "game", "train", Cancel)).ShouldStartWith("""["1","2""");
        var instance = await CreateAsync(protocol, container, "e1-1-1");
        var first = await StepAsync(instance, "one");
        first.ShouldContain("v1: turn 1 of task 1: one");
        await Should.ThrowAsync<EnvironmentFailedException>(StepAsync(instance, Fault.Cut));
        await ReleaseAsync(instance);

        var next = container.Exited.IsCancellationRequested ? await StartReadyAsync(protocol, options) : container;
        var again = await CreateAsync(protocol, next, "e1-1-2");
        (await StepAsync(again, "one")).ShouldBe(first);
        (await StepAsync(again, Game.Good)).ShouldContain("turn 2");
        (await StepAsync(again, Game.End)).ShouldContain("\"is_terminated\":true");
        EvaluationAnswer.Compose(await again.EvaluateAsync(default, Encoding.UTF8.GetBytes("""{"sparse":true}"""), Cancel), end: null, "{}"u8.ToArray()).Reward.ShouldNotBeNull().ShouldBeGreaterThan(0);
        await again.ReleaseAsync(Cancel);

        var last = await CreateAsync(protocol, next, "e1-1-3");
        var hanging = StepAsync(last, Fault.Hang);
        await Engine.Containers.KillContainerAsync(next.Id, new ContainerKillParameters(), Cancel);
        (await Should.ThrowAsync<EnvironmentFailedException>(hanging)).Message.ShouldContain("exited");
    }

    private async Task<IContainer> StartReadyAsync(IEnvironmentProtocol protocol, EnvironmentOptions options)
    {
        var container = await StartOnlyAsync(NewRuntime(), options, "game");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel, container.Exited);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        await protocol.WaitUntilReadyAsync(container, limit.Token);
        return container;
    }

    private static Task<IEnvironmentInstance> CreateAsync(IEnvironmentProtocol protocol, IContainer container, string innerId) =>
        protocol.CreateAsync(container, new NewInstance("game", "1", innerId, default), Cancel);

    private static async Task ReleaseAsync(IEnvironmentInstance instance)
    {
        try
        {
            await instance.ReleaseAsync(Cancel);
        }
        catch (EnvironmentFailedException)
        {
            // It is gone, and that is what was wanted.
        }
    }

    private static string Text(ReadOnlyMemory<byte> json) => Encoding.UTF8.GetString(json.Span);

    private async Task<string> StepAsync(IEnvironmentInstance instance, string text)
    {
        var content = JsonSerializer.Serialize(_wording.Replace("PLACE", text, StringComparison.Ordinal));
        return Text(await instance.StepAsync(Encoding.UTF8.GetBytes($$"""{"role":"assistant","content":{{content}}}"""), default, Cancel));
    }
}
