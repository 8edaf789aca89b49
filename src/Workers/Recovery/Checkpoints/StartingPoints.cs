using Microsoft.Extensions.Logging;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;
using SandQueue.Workers.Instances;

namespace SandQueue.Workers.Recovery.Checkpoints;

/// <summary>
/// Where a rebuild starts. A checkpoint that does not come back the same says nothing about the instance: it is thrown
/// away, and the instance rebuilt from its first step.
/// </summary>
internal sealed partial class StartingPoints(EpisodeCheckpoints checkpoints, ILogger<StartingPoints> log)
{
    /// <returns>Null where the rebuild starts with the first step.</returns>
    public async Task<Checkpoint?> FindAsync(InstanceOwner owner, CancellationToken cancellationToken) =>
        owner.Pool.HasCheckpoints ? await checkpoints.FindAsync(owner.EpisodeId, cancellationToken) : null;

    /// <summary>Says why a checkpoint is not used, and throws it away where it is its own fault.</summary>
    public async Task DistrustAsync(InstanceOwner owner, Checkpoint checkpoint, string why, bool isItsFault)
    {
        NotUsed(owner.InstanceId, checkpoint.Step, why);
        if (!isItsFault) return;
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
