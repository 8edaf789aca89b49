using System.Collections.Concurrent;
using SandQueue.ProtocolServers;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Configuration;

namespace SandQueue.Workers.Tests.Protocols;

/// <summary>Starts servers in this process as containers.</summary>
internal sealed class ServerRuntime(Func<GameServer> create) : IRuntime
{
    /// <summary>All it ever started, in order.</summary>
    public ConcurrentQueue<ServerContainer> Started { get; } = new();

    public async Task<IContainer> StartAsync(string environment, EnvironmentOptions options, CancellationToken cancellationToken)
    {
        var container = await ServerContainer.StartAsync(create());
        Started.Enqueue(container);
        return container;
    }
}
