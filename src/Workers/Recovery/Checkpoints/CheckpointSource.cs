using Microsoft.Extensions.Logging;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;
using SandQueue.Workers.Instances;

namespace SandQueue.Workers.Recovery.Checkpoints;

/// <summary>
/// Finds the checkpoint that a rebuild starts from. One that is not restored the same says nothing about the instance: it is
/// discarded, and the instance rebuilt from its first step.
/// </summary>
internal sealed partial class CheckpointSource(EpisodeCheckpoints checkpoints, ILogger<CheckpointSource> log)
{
    /// <returns>Null where the rebuild starts with the first step.</returns>
    public async Task<Checkpoint?> FindAsync(InstanceOwner owner, CancellationToken cancellationToken) =>
        owner.Pool.HasCheckpoints ? await checkpoints.FindAsync(owner.Row.EpisodeId, cancellationToken) : null;

    /// <summary>Logs why a checkpoint is not used, and discards it where the checkpoint itself is the reason.</summary>
    public async Task RejectAsync(InstanceOwner owner, Checkpoint checkpoint, string reason, bool discard)
    {
        NotUsed(owner.InstanceId, checkpoint.Step, reason);
        if (!discard) return;
        try
        {
            await checkpoints.RemoveAsync(checkpoint, CancellationToken.None);
        }
        catch (Exception exception)
        {
            // The next rebuild finds it, tries it and comes here again.
            NotRemoved(owner.InstanceId, exception);
        }
    }

    [LoggerMessage(LogLevel.Warning, "the checkpoint of instance '{Instance}' after step {Step} is not used, all steps run again: {Reason}")]
    private partial void NotUsed(string instance, int step, string reason);

    [LoggerMessage(LogLevel.Warning, "the checkpoint of instance '{Instance}' is of no use and could not be removed")]
    private partial void NotRemoved(string instance, Exception failure);
}
