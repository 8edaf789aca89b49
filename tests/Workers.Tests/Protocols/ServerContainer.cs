using SandQueue.ProtocolServers;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Runtimes;

namespace SandQueue.Workers.Tests.Protocols;

/// <summary>A server in this process, as a container.</summary>
internal sealed class ServerContainer(GameServer server) : IContainer
{
    private readonly CancellationTokenSource _exited = new();
    private readonly ServerAddress _address = ServerAddress.OverTcp(server.Address.Host, server.Address.Port);

    public GameServer Server => server;

    public string Id { get; } = $"server-{Guid.NewGuid():n}";

    public string ImageDigest => "sha256:game";

    public HttpClient Http => _address.Http;

    public Func<CancellationToken, ValueTask<Stream>>? Connect => _address.Connect;

    public CancellationToken Exited => _exited.Token;

    public string LastOutput => "its last words";

    public static async Task<ServerContainer> StartAsync(GameServer server)
    {
        await server.StartAsync();
        return new ServerContainer(server);
    }

    /// <summary>Ends it as a crash does.</summary>
    public async ValueTask DisposeAsync()
    {
        await _exited.CancelAsync();
        await server.DisposeAsync();
        Http.Dispose();
    }
}
