using Docker.DotNet;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SandQueue.Storage.Model;
using SandQueue.Testing.Docker;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Leases;
using SandQueue.Workers.Runtimes.Docker;

namespace SandQueue.Workers.Tests.Runtimes.Docker;

public sealed class DockerRuntimeFixture : RuntimeFixture, IDisposable
{
    private readonly string _sockets = Directory.CreateDirectory($"/dev/shm/sq-{Guid.NewGuid().ToString("n")[..8]}").FullName;
    private DockerRuntime? _runtime;
    private DockerClient? _engine;

    internal override IRuntime Runtime => _runtime!;

    /// <summary>Starts the runtime; skips the running test where there is no engine.</summary>
    public async Task StartAsync(DockerEngineFixture engine)
    {
        if (_runtime is not null) return;
        _engine = await engine.RequireAsync();
        var options = new DockerRuntimeOptions
        {
            Host = engine.Address.ToString(),
            Farm = $"test-{Guid.NewGuid():n}",
            Image = await EnvironmentImage.RequireAsync(_engine, TestContext.Current.CancellationToken),
            SocketFolder = _sockets,
        };
        _runtime = new DockerRuntime(Options.Create(options), new WorkerIdentity(), TimeProvider.System, NullLogger<DockerContainer>.Instance);
    }

    internal override async Task<bool> IsAnythingLeftAsync(IContainer container)
    {
        try
        {
            await _engine!.Containers.InspectContainerAsync(container.Id);
            return true;
        }
        catch (DockerContainerNotFoundException)
        {
            return Directory.EnumerateFiles(_sockets, "*.sock", SearchOption.AllDirectories).Any();
        }
    }

    public void Dispose()
    {
        _runtime?.Dispose();
        Directory.Delete(_sockets);
    }
}

[Collection(nameof(DockerCollection))]
public sealed class DockerRuntimeContract(DockerEngineFixture engine, DockerRuntimeFixture fixture)
    : RuntimeContract(fixture), IClassFixture<DockerRuntimeFixture>, IAsyncLifetime
{
    private readonly DockerRuntimeFixture _fixture = fixture;

    public async ValueTask InitializeAsync() => await _fixture.StartAsync(engine);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
