using BitFaster.Caching.Lru;

namespace SandQueue.Routing.Fleet;

/// <summary>Remembers which worker answered for an instance last, so that a step needs no query. The least recently used are forgotten.</summary>
internal sealed class OwnerCache
{
    /// <summary>Bounds the memory for instances that the sweep released without a word to this process.</summary>
    private const int Capacity = 100_000;

    private readonly ConcurrentLru<(string Tenant, string InstanceId), string> _owners = new(Capacity);

    public string? Find(string tenant, string instanceId) => _owners.TryGet((tenant, instanceId), out var owner) ? owner : null;

    public void Remember(string tenant, string instanceId, string owner) => _owners.AddOrUpdate((tenant, instanceId), owner);

    public void Forget(string tenant, string instanceId) => _owners.TryRemove((tenant, instanceId));
}
