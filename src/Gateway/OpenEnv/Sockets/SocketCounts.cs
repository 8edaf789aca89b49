using System.Collections.Concurrent;

namespace SandQueue.Gateway.OpenEnv.Sockets;

/// <summary>Counts the connections of each tenant.</summary>
internal sealed class SocketCounts(SocketLimits limits)
{
    private readonly ConcurrentDictionary<string, int> _open = new(StringComparer.Ordinal);

    /// <returns>What ends the count of one more connection; null where there may be no more.</returns>
    public IDisposable? TryEnter(string tenant)
    {
        if (_open.AddOrUpdate(tenant, 1, (_, open) => open + 1) <= limits.PerTenant || limits.PerTenant == 0) return new Entered(this, tenant);
        Leave(tenant);
        return null;
    }

    private void Leave(string tenant) => _open.AddOrUpdate(tenant, 0, (_, open) => open - 1);

    private sealed class Entered(SocketCounts counts, string tenant) : IDisposable
    {
        public void Dispose() => counts.Leave(tenant);
    }
}
