using Docker.DotNet;
using SandQueue.Testing.Docker;

namespace SandQueue.FaultRuns.Farm;

/// <summary>An engine with the image of the environments, where one is to be had.</summary>
internal sealed class ContainerEngine : IAsyncDisposable
{
    private readonly PrivateEngine? _private;

    private ContainerEngine(PrivateEngine? engine, DockerClient client, Uri address, string image) =>
        (_private, Client, Address, Image) = (engine, client, address, image);

    public DockerClient Client { get; }

    public Uri Address { get; }

    public string Image { get; }

    /// <returns>The engine; null where there is none, and why.</returns>
    public static async Task<(ContainerEngine? Engine, string? Missing)> StartAsync(CancellationToken cancellationToken)
    {
        PrivateEngine? started = null;
        Uri address;
        if (Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 } named)
        {
            address = new Uri(named);
        }
        else
        {
            // Built-in environments have no network, so packet filters are left alone.
            (started, var missing) = await PrivateEngine.StartAsync(filters: false);
            if (started is null) return (null, missing);
            address = started.Address;
        }

        using var configuration = new DockerClientConfiguration(address);
        var client = configuration.CreateClient();
        try
        {
            return (new ContainerEngine(started, client, address, await EnvironmentImage.RequireAsync(client, cancellationToken)), null);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            client.Dispose();
            if (started is not null) await started.DisposeAsync();
            return (null, exception.Message);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_private is not null) await _private.DisposeAsync();
    }
}
