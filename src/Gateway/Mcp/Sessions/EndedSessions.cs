using Microsoft.Extensions.Options;
using SandQueue.Gateway.Settings;

namespace SandQueue.Gateway.Mcp.Sessions;

/// <summary>The sessions that their clients ended at this gateway, for as long as one may be idle, and the newest of each tenant only.</summary>
internal sealed class EndedSessions(IOptions<GatewayOptions> options, TimeProvider time)
{
    /// <summary>Of one tenant; what it ends takes no other's place.</summary>
    public const int Most = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Queue<(string Id, long At)>> _byTenant = new(StringComparer.Ordinal);
    private readonly HashSet<(string Tenant, string Id)> _ended = [];

    public void Add(string tenant, string id)
    {
        lock (_lock)
        {
            if (!_byTenant.TryGetValue(tenant, out var ended)) _byTenant[tenant] = ended = [];
            while (ended.TryPeek(out var oldest) && (ended.Count >= Most || time.GetElapsedTime(oldest.At) > options.Value.McpSessionIdle)) _ended.Remove((tenant, ended.Dequeue().Id));
            if (_ended.Add((tenant, id))) ended.Enqueue((id, time.GetTimestamp()));
        }
    }

    public bool Has(string tenant, string id)
    {
        lock (_lock) return _ended.Contains((tenant, id));
    }
}
