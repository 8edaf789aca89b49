using System.Collections.Concurrent;

namespace SandQueue.Routing.Fleet;

/// <summary>Remembers which worker answered for an instance last, so that a step needs no look into the database.</summary>
internal sealed class OwnerCache
{
    /// <summary>Bounds the memory for instances that the sweep released without a word to this gateway.</summary>
    private const int Most = 100_000;

    private readonly ConcurrentDictionary<(string Tenant, string InstanceId), string> _owners = new();

    public string? Find(string tenant, string instanceId) => _owners.GetValueOrDefault((tenant, instanceId));

    public void Remember(string tenant, string instanceId, string owner)
    {
        if (_owners.Count >= Most) _owners.Clear();
        _owners[(tenant, instanceId)] = owner;
    }

    public void Forget(string tenant, string instanceId) => _owners.TryRemove((tenant, instanceId), out _);
}
