using Microsoft.EntityFrameworkCore;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Rollouts;

/// <summary>
/// Looks after the batches that are not closed: gives the rollouts of dead workers back, ends those whose time is over, closes what balances, and says
/// which batches have rollouts that no lane plays.
/// </summary>
public sealed class BatchSweep
{
    /// <summary>Lanes that are asked for at once: what is still missing is asked for again.</summary>
    private const int MostLanes = 64;

    private readonly IContextSource _contexts;
    private readonly IScanLock _scans;

    private readonly BatchEntry _entries;

    internal BatchSweep(IContextSource contexts, IScanLock scans, BatchEntry entries) => (_contexts, _scans, _entries) = (contexts, scans, entries);

    /// <summary>Sweeps once. One process of the farm does so at a time.</summary>
    /// <param name="expired">The end of a rollout that did not begin before its batch's deadline.</param>
    /// <param name="now">Unix milliseconds, UTC.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>What lanes are missing; nothing where another process sweeps.</returns>
    public async Task<IReadOnlyList<LaneNeed>> RunAsync(RolloutEnd expired, long now, CancellationToken cancellationToken)
    {
        // Mostly there are none, and then nobody needs the lock.
        if (!await IsAnyOpenAsync(cancellationToken)) return [];
        await using var scan = await _scans.TryAcquireAsync(ClusterScan.Batches, cancellationToken);
        if (scan is null) return [];
        await _entries.RemoveAbandonedAsync(cancellationToken);
        await ReleaseDeadAsync(cancellationToken);
        await ExpireAsync(expired, now, cancellationToken);
        await CloseAsync(now, cancellationToken);
        return await ListNeedsAsync(cancellationToken);
    }

    /// <summary>The batches that have rollouts which no lane plays, those of the highest priority first, and of one priority the oldest.</summary>
    public async Task<IReadOnlyList<LaneNeed>> ListNeedsAsync(CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        var open = await context.WholeBatches.AsNoTracking()
            .Where(batch => batch.ClosedAt == null)
            .OrderByDescending(batch => batch.Priority).ThenBy(batch => batch.Id)
            .Select(batch => new
            {
                batch.Id,
                batch.Priority,
                batch.Concurrency,
                batch.EndpointConcurrency,
                batch.State,
                batch.DeadlineAt,
                Running = context.Rollouts.Count(row => row.Batch == batch.Id && row.End == null && row.Owner != null),
                Waiting = context.Rollouts
                    .Where(row => row.Batch == batch.Id && row.End == null && row.Owner == null && (batch.State == BatchState.Running || row.IsCancelled || (row.BeganAt != null && batch.DeadlineAt < DatabaseClock.Now())))
                    .Take(MostLanes).Count(),
            })
            .ToListAsync(cancellationToken);
        var needs = new List<LaneNeed>();
        foreach (var batch in open)
        {
            var lanes = Math.Min(batch.Waiting, batch.Concurrency - batch.Running);
            if (lanes > 0 && batch.EndpointConcurrency is { } most) lanes = Math.Min(lanes, await RoomAtEndpointsAsync(context, batch.Id, WaitingRollouts.Of(context, batch.Id, batch.State, batch.DeadlineAt), most, cancellationToken));
            if (lanes > 0) needs.Add(new LaneNeed(batch.Id, lanes, batch.Priority));
        }

        return needs;
    }

    /// <summary>A lane that is asked for while its endpoint takes no more finds nothing to play.</summary>
    /// <returns>How many rollouts could begin, as far as the first that wait tell.</returns>
    private static async Task<int> RoomAtEndpointsAsync(SandQueueContext context, long key, IQueryable<Rollout> rollouts, int most, CancellationToken cancellationToken)
    {
        var running = await context.Rollouts.Where(row => row.Batch == key && row.End == null && row.Owner != null && row.Endpoint != null)
            .GroupBy(row => row.Endpoint!).Select(rows => new { Endpoint = rows.Key, Count = rows.Count() })
            .ToDictionaryAsync(rows => rows.Endpoint, rows => rows.Count, StringComparer.Ordinal, cancellationToken);
        var full = running.Where(endpoint => endpoint.Value >= most).Select(endpoint => endpoint.Key).ToList();
        var waiting = await rollouts
            .Where(row => row.Endpoint == null || !full.Contains(row.Endpoint)).OrderBy(row => row.Number).Select(row => row.Endpoint).Take(MostLanes).ToListAsync(cancellationToken);
        return waiting.GroupBy(endpoint => endpoint).Sum(same => same.Key is null ? same.Count() : Math.Min(same.Count(), most - running.GetValueOrDefault(same.Key)));
    }

    private async Task<bool> IsAnyOpenAsync(CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        return await context.Batches.AnyAsync(batch => batch.ClosedAt == null, cancellationToken);
    }

    private async Task ReleaseDeadAsync(CancellationToken cancellationToken)
    {
        List<long> batches;
        await using (var reading = await _contexts.OpenAsync(cancellationToken))
        {
            batches = await Dead(reading).Select(row => row.Batch).Distinct().ToListAsync(cancellationToken);
        }

        foreach (var key in batches)
        {
            await ChangeAsync(key, (context, _) => Dead(context).Where(row => row.Batch == key).ExecuteUpdateAsync(set => set.SetProperty(row => row.Owner, (string?)null), cancellationToken), cancellationToken);
        }
    }

    private async Task ExpireAsync(RolloutEnd expired, long now, CancellationToken cancellationToken)
    {
        List<long> batches;
        await using (var reading = await _contexts.OpenAsync(cancellationToken))
        {
            batches = await reading.WholeBatches.Where(batch => batch.ClosedAt == null && batch.DeadlineAt < DatabaseClock.Now()).Select(batch => batch.Id).ToListAsync(cancellationToken);
        }

        foreach (var key in batches)
        {
            await ChangeAsync(key, async (context, _) =>
            {
                // What has begun is claimed once more, also of a batch that is paused, so that it ends where it is and its instance is released.
                await context.Rollouts.Where(row => row.Batch == key && row.End == null && row.Owner == null && row.BeganAt == null).ExecuteUpdateAsync(
                    set => set.SetProperty(row => row.End, expired.End).SetProperty(row => row.EndedAt, now).SetProperty(row => row.Cause, expired.Cause)
                        .SetProperty(row => row.Detail, expired.Detail).SetProperty(row => row.Retryable, expired.Retryable),
                    cancellationToken);
            }, cancellationToken);
        }
    }

    /// <summary>Mostly the lane that stores the last end closes its batch; here are those whose last ends came otherwise.</summary>
    private async Task CloseAsync(long now, CancellationToken cancellationToken)
    {
        List<long> batches;
        await using (var reading = await _contexts.OpenAsync(cancellationToken))
        {
            batches = await reading.WholeBatches.Where(batch => batch.ClosedAt == null && !reading.Rollouts.Any(row => row.Batch == batch.Id && row.End == null)).Select(batch => batch.Id).ToListAsync(cancellationToken);
        }

        foreach (var key in batches) await ChangeAsync(key, (context, batch) => BatchClosing.TryAsync(context, batch, now, cancellationToken), cancellationToken);
    }

    private async Task ChangeAsync(long key, Func<SandQueueContext, Batch, Task> change, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenForWritingAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        if (await BatchLock.TakeAsync(context, _contexts, key, cancellationToken) is not { } batch) return;
        await change(context, batch);
        await transaction.CommitAsync(cancellationToken);
    }

    private static IQueryable<Rollout> Dead(SandQueueContext context) => context.Rollouts.Where(row =>
        row.End == null && row.Owner != null && !context.Workers.Any(worker => worker.Name == row.Owner && worker.LeaseUntil > DatabaseClock.Now()));
}
