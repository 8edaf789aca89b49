using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SandQueue.Storage.Instances;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Instances;
using SandQueue.Workers.Leases;

namespace SandQueue.Workers.Sweep;

/// <summary>
/// Parks the idle instances whose rows name this worker and which it does not hold: it dropped them when it could not record something, or
/// their takeover failed after its commit. No other worker releases them while this one lives.
/// </summary>
internal sealed partial class UnheldInstances(
    OwnerlessInstances rows, InstanceDirectory instances, OwnedInstances owned, WorkerIdentity worker, IOptions<WorkerOptions> options, ILogger<UnheldInstances> log)
{
    public async Task ParkAsync(CancellationToken cancellationToken)
    {
        var idle = options.Value.ParkAfter < options.Value.ReleaseAfter ? options.Value.ParkAfter : options.Value.ReleaseAfter;
        var named = await rows.ListUnusedAsync(worker.Name, idle, cancellationToken);

        // After the rows were read: an owner is held before a takeover writes its row. One that takes over from now on raises the epoch,
        // and what is parked has to have the epoch that was read.
        var held = owned.All.Select(owner => owner.Row.EpisodeId).ToHashSet();
        var unheld = named.FindAll(row => !held.Contains(row.EpisodeId));
        if (unheld.Count == 0) return;

        ParkedUnheld(await instances.ParkAsync(unheld, cancellationToken));
    }

    [LoggerMessage(LogLevel.Warning, "the sweep parked {Count} idle instances whose rows name this worker, and which it does not hold")]
    private partial void ParkedUnheld(int count);
}
