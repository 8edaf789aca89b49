using Microsoft.Extensions.Logging;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Instances;
using SandQueue.Workers.Recovery.State;

namespace SandQueue.Workers.Recovery.Checkpoints;

/// <summary>
/// Saves a checkpoint of an instance every so many steps, between two commands, for those environments whose settings ask for
/// it. It fails no command: an instance that does not survive it is rebuilt by its next one.
/// </summary>
internal sealed partial class CheckpointSaving(EpisodeCheckpoints checkpoints, ILogger<CheckpointSaving> log)
{
    /// <summary>Called once a step is in the journal. The checkpoint is saved after the step was answered.</summary>
    public void Stepped(InstanceOwner owner)
    {
        if (IsDue(owner)) owner.Mailbox.Post(() => SaveAsync(owner));
    }

    /// <summary>An episode that has ended is only evaluated and released.</summary>
    private static bool IsDue(InstanceOwner owner) =>
        owner.Pool.HasCheckpoints
        && owner is { HasEnded: false, Position.EndReason: null, Connection: { Environment: ICheckpointedInstance, IsLost: false } }
        && RecoveryState.Of(owner).Checkpoints.IsDue(owner.Position.NextStep - 1, owner.Pool.CheckpointEvery);

    private async Task SaveAsync(InstanceOwner owner)
    {
        // Commands that were in the mailbox already have run since.
        if (!IsDue(owner)) return;
        var step = owner.Position.NextStep - 1;
        var pace = RecoveryState.Of(owner).Checkpoints;
        try
        {
            var saved = await ((ICheckpointedInstance)owner.Connection.Required).SaveAsync(CancellationToken.None);
            if (saved.State is null)
            {
                pace.Refused(step);
                if (saved.ServerFailed) ServerFailed(owner.InstanceId, step, saved.WhyNot);
                else NotSaved(owner.InstanceId, step, saved.WhyNot);
                return;
            }

            pace.Saved(step);
            var checkpoint = new Checkpoint { EpisodeId = owner.Row.EpisodeId, Step = step, ImageDigest = owner.Connection.ImageDigest!, State = saved.State, SavedAt = owner.Now };
            await checkpoints.SaveAsync(checkpoint, CancellationToken.None);
        }
        catch (EnvironmentFailedException exception)
        {
            // As after any call of unknown outcome; the next command rebuilds it.
            owner.Connection.DropAfter(exception);
            pace.Failed();
            Failed(owner.InstanceId, step, exception);
        }
        catch (Exception exception)
        {
            pace.Refused(step);
            Failed(owner.InstanceId, step, exception);
        }
    }

    [LoggerMessage(LogLevel.Debug, "no checkpoint of instance '{Instance}' was saved after step {Step}: {Reason}")]
    private partial void NotSaved(string instance, int step, string? reason);

    [LoggerMessage(LogLevel.Warning, "no checkpoint of instance '{Instance}' was saved after step {Step}, and its server is the reason: {Reason}")]
    private partial void ServerFailed(string instance, int step, string? reason);

    [LoggerMessage(LogLevel.Warning, "saving a checkpoint of instance '{Instance}' after step {Step} failed; a rebuild starts from an older one or from its first step")]
    private partial void Failed(string instance, int step, Exception failure);
}
