using Microsoft.Extensions.Logging;
using SandQueue.Storage.Instances;
using SandQueue.Workers.Instances;

namespace SandQueue.Workers.Sweep;

/// <summary>
/// Parks an instance: its memory is freed and its slot given back, its episode stays. Its next command makes whoever takes
/// it the owner, who rebuilds it from the journal. One that cannot be replayed stays where it is.
/// </summary>
internal sealed partial class InstanceParking(ParkingBatches batches, OwnedInstances owned, ILogger<InstanceParking> log)
{
    /// <summary>Runs within the owner's mailbox.</summary>
    /// <returns>False where it stays.</returns>
    public async Task<bool> ParkAsync(InstanceOwner owner)
    {
        if (!owner.Pool.Traits.Replayable) return false;
        owner.Disconnect();
        await batches.ParkAsync(new ParkedInstance(owner.Row.EpisodeId, owner.Row.Epoch, owner.LastUsedAt));
        owned.GiveUp(owner);
        Parked(owner.InstanceId);
        return true;
    }

    [LoggerMessage(LogLevel.Debug, "instance '{Instance}' was parked: its next command rebuilds it")]
    private partial void Parked(string instance);
}
