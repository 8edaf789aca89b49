using Microsoft.EntityFrameworkCore;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Journal;

/// <summary>Removes what the journal has stored long enough, whole partitions or small batches of rows, so that nobody waits long for a lock. One process of the farm does so at a time.</summary>
public sealed class EpisodeRetention
{
    private const int EpisodesPerBatch = 50;
    private const int RowsPerBatch = 1_000;

    /// <summary>What is kept for longer is kept for ever, and has no grace that could overflow.</summary>
    private static readonly TimeSpan LongestAge = TimeSpan.FromDays(36_500);

    private readonly IContextSource _contexts;
    private readonly IJournalPartitions _partitions;
    private readonly IScanLock _scans;

    internal EpisodeRetention(IContextSource contexts, IJournalPartitions partitions, IScanLock scans) => (_contexts, _partitions, _scans) = (contexts, partitions, scans);

    /// <summary>
    /// Removes the episodes of instances that ended longer ago than <paramref name="age"/> with the openings that no other has, and the ends of
    /// commands that reached no instance. An id used in them is new from then on. Where the database stores the journal in partitions, whole ones are removed, and an
    /// episode whose partition has younger ones waits for them up to <see cref="IJournalPartitions.Grace"/>.
    /// </summary>
    /// <returns>Episodes removed; 0 where another process removes them.</returns>
    public async Task<int> RemoveAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        await using var scan = await _scans.TryAcquireAsync(ClusterScan.Retention, cancellationToken);
        if (scan is null) return 0;
        var rotation = default(Rotation);
        var removed = 0;
        try
        {
            rotation = await _partitions.RotateAsync(age, cancellationToken);
        }
        finally
        {
            // A partition that cannot be removed must not keep old rows of the others.
            removed = await RemoveRowsAsync(age, cancellationToken);
            if (removed > 0 || rotation.HasDropped) await RemoveOpeningsAsync(cancellationToken);
        }

        return removed + rotation.Episodes;
    }

    private async Task<int> RemoveRowsAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        var removed = 0;
        var longest = age < LongestAge ? age + _partitions.Grace(age) : age;
        for (var batch = await RemoveBatchAsync(longest, cancellationToken); batch > 0; batch = await RemoveBatchAsync(longest, cancellationToken)) removed += batch;
        while (await RemoveEndsAsync(age, cancellationToken) == RowsPerBatch)
        {
        }

        return removed;
    }

    /// <summary>Removes the openings that no entry names any more.</summary>
    private async Task RemoveOpeningsAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await using var context = await _contexts.OpenForWritingAsync(cancellationToken);
            var unnamed = await context.Openings
                .Where(opening => !context.Journal.Any(entry => entry.OpeningHash == opening.Hash))
                .Select(opening => opening.Hash)
                .Take(RowsPerBatch)
                .ToListAsync(cancellationToken);
            if (unnamed.Count == 0) return;
            try
            {
                await context.Openings.Where(opening => unnamed.Contains(opening.Hash) && !context.Journal.Any(entry => entry.OpeningHash == opening.Hash)).ExecuteDeleteAsync(cancellationToken);
            }
            catch (Exception exception) when (DatabaseFailure.IsReference(exception))
            {
                // A Create names one of them since. The next sweep looks again.
                return;
            }
        }
    }

    private async Task<int> RemoveBatchAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenForWritingAsync(cancellationToken);
        var ageMs = (long)age.TotalMilliseconds;
        var episodes = await context.Instances
            .Where(row => row.EndedAt < DatabaseClock.Now() - ageMs)
            .OrderBy(row => row.EndedAt)
            .Select(row => row.EpisodeId)
            .Take(EpisodesPerBatch)
            .ToListAsync(cancellationToken);
        if (episodes.Count == 0) return 0;

        // The head goes last: where this is cut off in between, the next sweep finds the rest.
        await context.Journal.Where(entry => entry.EpisodeId != null && episodes.Contains(entry.EpisodeId.Value)).ExecuteDeleteAsync(cancellationToken);
        return await context.Instances.Where(row => episodes.Contains(row.EpisodeId)).ExecuteDeleteAsync(cancellationToken);
    }

    private async Task<int> RemoveEndsAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenForWritingAsync(cancellationToken);
        var ageMs = (long)age.TotalMilliseconds;
        var ends = await context.Journal
            .Where(entry => entry.EpisodeId == null && entry.RecordedAt < DatabaseClock.Now() - ageMs)
            .OrderBy(entry => entry.RecordedAt)
            .Select(entry => entry.Id)
            .Take(RowsPerBatch)
            .ToListAsync(cancellationToken);
        return ends.Count == 0 ? 0 : await context.Journal.Where(entry => entry.EpisodeId == null && ends.Contains(entry.Id)).ExecuteDeleteAsync(cancellationToken);
    }
}
