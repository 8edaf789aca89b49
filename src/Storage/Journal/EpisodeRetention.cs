using Microsoft.EntityFrameworkCore;

namespace SandQueue.Storage.Journal;

/// <summary>Removes what the journal has kept long enough, in small batches so that nobody waits long for a lock.</summary>
public sealed class EpisodeRetention
{
    private const int EpisodesPerBatch = 50;
    private const int RowsPerBatch = 1_000;

    private readonly IContextSource _contexts;

    internal EpisodeRetention(IContextSource contexts) => _contexts = contexts;

    /// <summary>
    /// Removes the episodes of instances that ended longer ago than <paramref name="age"/>, and the ends of commands that
    /// reached no instance. An id used in them is new from then on.
    /// </summary>
    /// <returns>Episodes removed.</returns>
    public async Task<int> RemoveAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        var removed = 0;
        while (true)
        {
            var batch = await RemoveBatchAsync(age, cancellationToken);
            if (batch == 0) break;
            removed += batch;
        }

        while (await RemoveEndsAsync(age, cancellationToken) == RowsPerBatch)
        {
        }

        return removed;
    }

    private async Task<int> RemoveBatchAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        var before = await _contexts.NowAsync(context, cancellationToken) - (long)age.TotalMilliseconds;
        var episodes = await context.Instances
            .Where(row => row.EndedAt < before)
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
        await using var context = await _contexts.OpenAsync(cancellationToken);
        var before = await _contexts.NowAsync(context, cancellationToken) - (long)age.TotalMilliseconds;
        var ends = await context.Journal
            .Where(entry => entry.EpisodeId == null && entry.RecordedAt < before)
            .OrderBy(entry => entry.RecordedAt)
            .Select(entry => entry.Id)
            .Take(RowsPerBatch)
            .ToListAsync(cancellationToken);
        return ends.Count == 0 ? 0 : await context.Journal.Where(entry => ends.Contains(entry.Id)).ExecuteDeleteAsync(cancellationToken);
    }
}
