using SandQueue.Storage.Model;
using SandQueue.Workers.Instances;
using SandQueue.Workers.Leases;
using SandQueue.Workers.Pools;

namespace SandQueue.Workers.Serving;

/// <summary>What this worker can still take and what it has, by environment: published with each renewal, so that nobody counts instances.</summary>
internal sealed class WorkerCapacity(EnvironmentPools pools, OwnedInstances owned, DrainState drain)
{
    /// <summary>An environment whose server has not said yet what it is can take nothing: how its episodes are recorded depends on that.</summary>
    public List<EnvironmentCapacity> Measure()
    {
        var live = owned.All.CountBy(owner => owner.Pool.Environment).ToDictionary(StringComparer.Ordinal);
        return [.. pools.All.Select(pool => new EnvironmentCapacity(pool.Environment, drain.IsDraining || !pool.IsDescribed ? 0 : pool.FreeSlots, live.GetValueOrDefault(pool.Environment)))];
    }
}
