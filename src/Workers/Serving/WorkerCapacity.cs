using SandQueue.Storage.Model;
using SandQueue.Workers.Instances;
using SandQueue.Workers.Leases;
using SandQueue.Workers.Pools;

namespace SandQueue.Workers.Fleet;

/// <summary>What this worker can still take and what it has, by environment: published with each renewal, so that nobody counts instances.</summary>
internal sealed class WorkerCapacity(EnvironmentPools pools, OwnedInstances owned, DrainState drain)
{
    public List<EnvironmentCapacity> Measure()
    {
        var live = owned.All.CountBy(owner => owner.Pool.Environment).ToDictionary(StringComparer.Ordinal);
        return [.. pools.All.Select(pool => new EnvironmentCapacity(pool.Environment, drain.IsDraining ? 0 : pool.FreeSlots, live.GetValueOrDefault(pool.Environment)))];
    }
}
