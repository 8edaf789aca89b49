using Microsoft.Extensions.Logging;
using SandQueue.Contracts;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Model;
using SandQueue.Telemetry.Measures;
using SandQueue.Workers.Instances;

namespace SandQueue.Workers.Recovery;

/// <summary>Ends an instance that cannot be rebuilt, in its row and here.</summary>
internal sealed partial class InstanceEnding(InstanceDirectory instances, OwnedInstances owned, ILogger<InstanceEnding> log)
{
    /// <summary>It is lost: nobody can say what it would be.</summary>
    /// <param name="owner">The instance.</param>
    /// <param name="command">The command that needed it.</param>
    /// <param name="why">What happened to it, after "instance 'x' was lost".</param>
    public Task<OwnerResult> LoseAsync(InstanceOwner owner, Command command, string why) =>
        EndAsync(owner, command, InstanceState.Lost, CommandReason.Lost, $"was lost{why}");

    /// <summary>It has diverged: replayed, it is not what the journal says.</summary>
    public Task<OwnerResult> DivergeAsync(InstanceOwner owner, Command command, string difference) =>
        EndAsync(owner, command, InstanceState.Diverged, CommandReason.Diverged, $"diverged when it was rebuilt: {difference};");

    private async Task<OwnerResult> EndAsync(InstanceOwner owner, Command command, InstanceState state, CommandReason reason, string why)
    {
        var now = owner.Now;
        if (!await instances.EndAsync(owner.Row.EpisodeId, owner.Row.Epoch, state, why, now, CancellationToken.None))
        {
            owned.GiveUp(owner);
            return OwnerResult.OwnerGone;
        }

        owned.Remove(owner);
        owner.End();
        Ended(owner.InstanceId, reason);
        InstanceMeasures.EpisodeEnded(owner.Pool.Environment, state == InstanceState.Diverged ? "diverged" : "lost", "infrastructure");
        return CommandReply.Failed(command, InstanceErrors.Ended(owner.InstanceId, why, now), reason);
    }

    [LoggerMessage(LogLevel.Error, "instance '{Instance}' has ended: {Reason}; its row says why")]
    private partial void Ended(string instance, CommandReason reason);
}
