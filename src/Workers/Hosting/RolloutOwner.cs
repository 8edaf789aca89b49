using SandQueue.Rollouts.Batches;
using SandQueue.Workers.Leases;

namespace SandQueue.Workers.Hosting;

/// <summary>Rollouts are claimed under the worker's name, so that the claims end with its lease.</summary>
internal sealed class RolloutOwner(WorkerIdentity identity) : ILaneOwner
{
    public string Name => identity.Name;
}
