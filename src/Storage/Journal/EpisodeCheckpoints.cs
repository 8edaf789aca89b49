using Microsoft.EntityFrameworkCore;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Journal;

/// <summary>
/// Stores the newest checkpoint of each living episode. They are no part of the journal: every one can be thrown away, and
/// the episode is rebuilt from its first step.
/// </summary>
public sealed class EpisodeCheckpoints
{
    private readonly IContextSource _contexts;
    private readonly IScanLock _scans;

    internal EpisodeCheckpoints(IContextSource contexts, IScanLock scans) => (_contexts, _scans) = (contexts, scans);

    /// <summary>Stores it in place of the episode's older one; an older one never takes the place of a newer.</summary>
    public async Task SaveAsync(Checkpoint checkpoint, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        await using var context = await _contexts.OpenForWritingAsync(cancellationToken);
        await context.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO checkpoints (episode_id, step, image_digest, state, saved_at)
             VALUES ({checkpoint.EpisodeId}, {checkpoint.Step}, {checkpoint.ImageDigest}, {checkpoint.State}, {checkpoint.SavedAt})
             ON CONFLICT (episode_id) DO UPDATE
             SET step = excluded.step, image_digest = excluded.image_digest, state = excluded.state, saved_at = excluded.saved_at
             WHERE excluded.step > checkpoints.step
             """,
            cancellationToken);
    }

    /// <summary>The episode's checkpoint, or null where it has none.</summary>
    public async Task<Checkpoint?> FindAsync(long episodeId, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        return await context.Checkpoints.AsNoTracking().FirstOrDefaultAsync(row => row.EpisodeId == episodeId, cancellationToken);
    }

    /// <summary>Throws a checkpoint away; a newer one stays.</summary>
    public async Task RemoveAsync(Checkpoint checkpoint, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        await using var context = await _contexts.OpenForWritingAsync(cancellationToken);
        await context.Checkpoints.Where(row => row.EpisodeId == checkpoint.EpisodeId && row.Step <= checkpoint.Step).ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>Throws away the checkpoints of episodes that have ended.</summary>
    /// <returns>How many; 0 where another process does it.</returns>
    public async Task<int> RemoveEndedAsync(CancellationToken cancellationToken)
    {
        await using var scan = await _scans.TryAcquireAsync(ClusterScan.EndedCheckpoints, cancellationToken);
        if (scan is null) return 0;
        await using var context = await _contexts.OpenForWritingAsync(cancellationToken);
        return await context.Checkpoints
            .Where(row => !context.Instances.Any(instance => instance.EpisodeId == row.EpisodeId && instance.EndedAt == null))
            .ExecuteDeleteAsync(cancellationToken);
    }
}
