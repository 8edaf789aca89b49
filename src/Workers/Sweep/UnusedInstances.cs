using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Instances;

namespace SandQueue.Workers.Sweep;

/// <summary>
/// Parks, where an environment has no free slot, instances that got no command since they were made. A caller may hang up while the answer
/// of its Create is on its way: the gateway has sent it, the caller never reads it, and neither can tell. Nobody waits behind such an
/// instance for long; and where somebody does know of it, parking loses nothing.
/// </summary>
internal sealed partial class UnusedInstances(OwnedInstances owned, InstanceParking parking, IOptions<WorkerOptions> options, ILogger<UnusedInstances> log)
{
    /// <summary>Asks nothing of the database unless there is something to park.</summary>
    public async Task ParkAsync(CancellationToken cancellationToken)
    {
        var parked = 0;

        // One after the other, for the next may stay where one slot was enough.
        foreach (var owner in owned.All.Where(IsUnused))
        {
            if (owner.Pool.FreeSlots > 0) continue;
            await owner.Mailbox.RunAsync(async () => parked += await TryParkAsync(owner) ? 1 : 0).WaitAsync(cancellationToken);
        }

        if (parked > 0) Parked(parked);
    }

    private async Task<bool> TryParkAsync(InstanceOwner owner)
    {
        // A command that came in between has used it.
        if (!owner.IsLive || !IsUnused(owner)) return false;
        try
        {
            return await parking.ParkAsync(owner);
        }
        catch (Exception exception)
        {
            NotParked(owner.InstanceId, exception);
            return false;
        }
    }

    private bool IsUnused(InstanceOwner owner) => !owner.WasUsed && owner.Idle > options.Value.ParkUnusedAfter;

    [LoggerMessage(LogLevel.Information, "{Count} instances were parked that got no command since they were made, as their environments have no free slot")]
    private partial void Parked(int count);

    [LoggerMessage(LogLevel.Error, "instance '{Instance}', which nobody has used, could not be parked; it is tried again")]
    private partial void NotParked(string instance, Exception failure);
}
