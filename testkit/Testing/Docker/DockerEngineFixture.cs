using Docker.DotNet;

namespace SandQueue.Testing.Docker;

/// <summary>
/// A Docker engine for the tests of a collection: the one <c>DOCKER_HOST</c> names, or one of their own, which ends with
/// them. Where neither is to be had, the tests skip and say why.
/// </summary>
public sealed class DockerEngineFixture : IAsyncLifetime
{
    private readonly SemaphoreSlim _starting = new(1, 1);
    private PrivateEngine? _private;
    private DockerClient? _client;
    private string? _missing;

    /// <summary>Where it listens.</summary>
    public Uri Address { get; private set; } = new("unix:///var/run/docker.sock");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>A client of the engine; skips the running test where there is none.</summary>
    public async Task<DockerClient> RequireAsync()
    {
        await _starting.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (_client is null && _missing is null) await StartAsync();
        }
        finally
        {
            _starting.Release();
        }

        Assert.SkipWhen(_client is null, _missing ?? "");
        return _client!;
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_private is not null) await _private.DisposeAsync();
        _starting.Dispose();
    }

    private async Task StartAsync()
    {
        if (Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 } named)
        {
            Address = new Uri(named);
        }
        else
        {
            (_private, _missing) = await PrivateEngine.StartAsync();
            if (_private is null) return;
            Address = _private.Address;
        }

        using var configuration = new DockerClientConfiguration(Address);
        _client = configuration.CreateClient();
    }
}
