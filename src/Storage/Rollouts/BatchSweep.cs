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

    internal BatchSweep(IContextSource contexts, IScanLock scans) => (_contexts, _scans) = (contexts, scans);

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
        await ReleaseDeadAsync(cancellationToken);
        await ExpireAsync(expired, now, cancellationToken);
        await CloseAsync(now, cancellationToken);
        return await ListNeedsAsync(cancellationToken);
    }

    /// <summary>The batches that have rollouts which no lane plays, those of the highest priority first, and of one priority the oldest.</summary>
    public async Task<IReadOnlyList<LaneNeed>> ListNeedsAsync(CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        var open = await context.Batches.AsNoTracking()
            .Where(batch => batch.ClosedAt == null)
            .OrderByDescending(batch => batch.Priority).ThenBy(batch => batch.Id)
            .Select(batch => new
            {
                batch.Id,
                batch.Priority,
                batch.Concurrency,
                Running = context.Rollouts.Count(row => row.Batch == batch.Id && row.End == null && row.Owner != null),
                Waiting = context.Rollouts.Where(row => row.Batch == batch.Id && row.End == null && row.Owner == null && (batch.State == BatchState.Running || row.IsCancelled)).Take(MostLanes).Count(),
            })
            .ToListAsync(cancellationToken);
        return [.. open.Select(batch => new LaneNeed(batch.Id, Math.Min(batch.Waiting, batch.Concurrency - batch.Running), batch.Priority)).Where(need => need.Lanes > 0)];
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
            batches = await reading.Batches.Where(batch => batch.ClosedAt == null && batch.DeadlineAt < DatabaseClock.Now()).Select(batch => batch.Id).ToListAsync(cancellationToken);
        }

        foreach (var key in batches)
        {
            await ChangeAsync(key, async (context, batch) =>
            {
                // What has begun is claimed once more, so that its instance is released; where the batch does not run nobody would.
                var waiting = context.Rollouts.Where(row => row.Batch == key && row.End == null && row.Owner == null);
                if (batch.State == BatchState.Running) waiting = waiting.Where(row => row.BeganAt == null);
                await waiting.ExecuteUpdateAsync(
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
            batches = await reading.Batches.Where(batch => batch.ClosedAt == null && !reading.Rollouts.Any(row => row.Batch == batch.Id && row.End == null)).Select(batch => batch.Id).ToListAsync(cancellationToken);
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
