using Microsoft.Extensions.Logging;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Instances;

namespace SandQueue.Workers.Recovery.Checkpoints;

/// <summary>
/// Puts an instance's state down every so many steps, between two commands, for those environments whose settings ask for
/// it. It fails no command: an instance that does not survive it is rebuilt by its next one.
/// </summary>
internal sealed partial class CheckpointTaking(EpisodeCheckpoints checkpoints, ILogger<CheckpointTaking> log)
{
    /// <summary>Called once a step is in the journal. The state is put down after the step was answered.</summary>
    public void Stepped(InstanceOwner owner)
    {
        if (IsDue(owner)) owner.Post(() => TakeAsync(owner));
    }

    /// <summary>An episode that has ended is only evaluated and released.</summary>
    private static bool IsDue(InstanceOwner owner) =>
        owner.Pool.HasCheckpoints
        && owner is { Environment: ICheckpointedInstance, EndReason: null, Ended: null, HasLostItsContainer: false }
        && owner.Checkpoints.IsDue(owner.NextStep - 1, owner.Pool.CheckpointEvery);

    private async Task TakeAsync(InstanceOwner owner)
    {
        // Commands that were in the mailbox already have run since.
        if (!IsDue(owner)) return;
        var step = owner.NextStep - 1;
        try
        {
            var saved = new SavedState(null);
            await owner.CallAsync(
                async (environment, limit) =>
                {
                    saved = await ((ICheckpointedInstance)environment).SaveAsync(limit);
                    return default;
                },
                CancellationToken.None);
            if (saved.State is null)
            {
                owner.Checkpoints.Refused(step);
                if (saved.ServerFailed) NotPossible(owner.InstanceId, step, saved.WhyNot);
                else NotTaken(owner.InstanceId, step, saved.WhyNot);
                return;
            }

            owner.Checkpoints.Taken(step);
            var checkpoint = new Checkpoint { EpisodeId = owner.EpisodeId, Step = step, ImageDigest = owner.ImageDigest!, State = saved.State, SavedAt = owner.Now };
            await checkpoints.SaveAsync(checkpoint, CancellationToken.None);
        }
        catch (EnvironmentFailedException exception)
        {
            // As after any call of unknown outcome; the next command rebuilds it.
            owner.DropAfter(exception);
            owner.Checkpoints.Failed();
            Failed(owner.InstanceId, step, exception);
        }
        catch (Exception exception)
        {
            owner.Checkpoints.Refused(step);
            Failed(owner.InstanceId, step, exception);
        }
    }

    [LoggerMessage(LogLevel.Debug, "instance '{Instance}' has no checkpoint after step {Step}: {Reason}")]
    private partial void NotTaken(string instance, int step, string? reason);

    [LoggerMessage(LogLevel.Warning, "instance '{Instance}' has no checkpoint after step {Step}, and its server is the reason: {Reason}")]
    private partial void NotPossible(string instance, int step, string? reason);

    [LoggerMessage(LogLevel.Warning, "instance '{Instance}' has no checkpoint after step {Step}, for taking it failed; a rebuild starts from an older one or from its first step")]
    private partial void Failed(string instance, int step, Exception failure);
}
