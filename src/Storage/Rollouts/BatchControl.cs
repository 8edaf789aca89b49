using Microsoft.EntityFrameworkCore;
using SandQueue.Contracts;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Rollouts;

/// <summary>What a caller changes of a batch while it runs, or of one that has closed. Each change holds the batch's lock.</summary>
public sealed class BatchControl
{
    private const int RowsAtOnce = 500;

    private readonly IContextSource _contexts;

    internal BatchControl(IContextSource contexts) => _contexts = contexts;

    /// <summary>Lets what runs finish, and begins nothing new.</summary>
    /// <returns>The batch as it is now; null where there is none. One that does not run stays as it is.</returns>
    public Task<Batch?> PauseAsync(string tenant, string batchId, string? reason, CancellationToken cancellationToken) => ChangeAsync(tenant, batchId, (_, batch) =>
    {
        if (batch.State != BatchState.Running) return Task.CompletedTask;
        (batch.State, batch.PauseReason, batch.IsStateAnnounced) = (BatchState.Paused, reason, batch.IsHidden);
        return Task.CompletedTask;
    }, cancellationToken);

    /// <summary>Goes on with a batch that is paused.</summary>
    /// <inheritdoc cref="PauseAsync"/>
    public Task<Batch?> ResumeAsync(string tenant, string batchId, CancellationToken cancellationToken) => ChangeAsync(tenant, batchId, async (context, batch) =>
    {
        if (batch.State != BatchState.Paused) return;
        (batch.State, batch.PauseReason, batch.Refusals, batch.IsStateAnnounced) = (BatchState.Running, null, 0, true);
        await context.Rollouts.Where(row => row.Batch == batch.Id && row.End == null && row.Refusals > 0).ExecuteUpdateAsync(set => set.SetProperty(row => row.Refusals, 0), cancellationToken);
    }, cancellationToken);

    /// <summary>Changes how much of a batch runs at once, and before which others.</summary>
    /// <param name="tenant">Whose it is.</param>
    /// <param name="batchId">The batch.</param>
    /// <param name="concurrency">Null leaves it as it is, here and in the next two.</param>
    /// <param name="endpointConcurrency">0 is no limit.</param>
    /// <param name="priority">Higher comes first.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>The batch as it is now; null where there is none.</returns>
    public Task<Batch?> TuneAsync(string tenant, string batchId, int? concurrency, int? endpointConcurrency, int? priority, CancellationToken cancellationToken) => ChangeAsync(tenant, batchId, (_, batch) =>
    {
        batch.Concurrency = concurrency ?? batch.Concurrency;
        if (endpointConcurrency is { } most) batch.EndpointConcurrency = most > 0 ? most : null;
        batch.Priority = priority ?? batch.Priority;
        return Task.CompletedTask;
    }, cancellationToken);

    /// <summary>Gives a batch up. What has not begun is cancelled at once; what has is stopped by its worker, which releases its instance.</summary>
    /// <inheritdoc cref="PauseAsync"/>
    public Task<Batch?> CancelAsync(string tenant, string batchId, RolloutEnd end, long now, CancellationToken cancellationToken) => ChangeAsync(tenant, batchId, async (context, batch) =>
    {
        if (batch.ClosedAt is not null) return;
        (batch.State, batch.PauseReason) = (BatchState.Cancelling, null);
        await CancelAsync(context, batch, context.Rollouts.Where(row => row.Batch == batch.Id), end, now, cancellationToken);
    }, cancellationToken);

    /// <summary>Gives one rollout up.</summary>
    /// <returns>False where the tenant has none of that name.</returns>
    public async Task<bool> CancelRolloutAsync(string tenant, string rolloutId, RolloutEnd end, long now, CancellationToken cancellationToken)
    {
        string? batchId;
        long id;
        await using (var reading = await _contexts.OpenAsync(cancellationToken))
        {
            var found = await reading.Rollouts.Where(row => row.Tenant == tenant && row.RolloutId == rolloutId)
                .Join(reading.WholeBatches, row => row.Batch, batch => batch.Id, (row, batch) => new { row.Id, batch.BatchId }).FirstOrDefaultAsync(cancellationToken);
            if (found is null) return false;
            (batchId, id) = (found.BatchId, found.Id);
        }

        return await ChangeAsync(tenant, batchId, (context, batch) => CancelAsync(context, batch, context.Rollouts.Where(row => row.Id == id), end, now, cancellationToken), cancellationToken) is not null;
    }

    /// <summary>Begins anew what did not complete, and opens a batch that has closed.</summary>
    /// <param name="tenant">Whose it is.</param>
    /// <param name="batchId">The batch.</param>
    /// <param name="filter">Which of its rollouts; those that completed never are.</param>
    /// <param name="rolloutId">Only this one; null for all.</param>
    /// <param name="sealedKey">The key of those that came with one, which closing the batch erased; null where none is given.</param>
    /// <param name="now">Unix milliseconds, UTC.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>What became of it; null where there is no such batch. Where something is wrong with the keys, nothing was changed.</returns>
    public async Task<BatchRetry?> RetryAsync(
        string tenant, string batchId, RolloutFilter filter, string? rolloutId, byte[]? sealedKey, long now, CancellationToken cancellationToken)
    {
        var (retried, keys) = (0, RetryKeys.Sound);
        var changed = await ChangeAsync(tenant, batchId, async (context, batch) =>
        {
            var rows = Retried(context, batch, filter, rolloutId);
            keys = await RetriedKeys.CheckAsync(batch, rows, sealedKey, cancellationToken);
            if (keys != RetryKeys.Sound) return;
            retried = await RetryAsync(context, batch, rows, sealedKey, now, cancellationToken);
            if (retried == 0) return;
            if (batch.ClosedAt is not null) batch.State = BatchState.Running;
            if (batch.State == BatchState.Cancelling) batch.State = BatchState.Running;
            (batch.ClosedAt, batch.Completed, batch.Rejected, batch.Expired, batch.Cancelled, batch.Failed, batch.Refusals) = (null, 0, 0, 0, 0, 0, 0);
            batch.IsStateAnnounced = true;

            // A time that is over would end all of them at once: they have as long as those before.
            if (batch.DeadlineAt is { } deadline && deadline <= now) batch.DeadlineAt = now + (deadline - batch.CreatedAt);
        }, cancellationToken);
        return changed is null ? null : new BatchRetry(changed, retried, keys);
    }

    private static IQueryable<Rollout> Retried(SandQueueContext context, Batch batch, RolloutFilter filter, string? rolloutId)
    {
        var rows = context.Rollouts.Where(row => row.Batch == batch.Id && row.End != null && row.End != CommandEnd.Completed);
        if (filter.End is { } end) rows = rows.Where(row => row.End == end);
        if (filter.Cause is { } cause) rows = rows.Where(row => row.Cause == cause);
        if (filter.TaskId is { } task) rows = rows.Where(row => row.TaskId == task);
        return rolloutId is null ? rows : rows.Where(row => row.RolloutId == rolloutId);
    }

    private static async Task<int> RetryAsync(SandQueueContext context, Batch batch, IQueryable<Rollout> rows, byte[]? sealedKey, long now, CancellationToken cancellationToken)
    {
        var (retried, after) = (0, -1);
        while (true)
        {
            var page = await rows.Where(row => row.Number > after).OrderBy(row => row.Number).Take(RowsAtOnce).ToListAsync(cancellationToken);
            if (page.Count == 0) return retried;
            foreach (var row in page)
            {
                EarlierAttempts.Add(row, row.End!.Value, row.Cause, row.Detail, row.EndedAt ?? now);
                row.Refusals = 0;
                RetriedKeys.Give(batch, row, sealedKey);
            }

            (retried, after) = (retried + page.Count, page[^1].Number);

            // A batch that has closed is no more once one of its rollouts has no end.
            (batch.ClosedAt, batch.State) = (null, batch.State == BatchState.Closed ? BatchState.Running : batch.State);
            await context.SaveChangesAsync(cancellationToken);

            // Else each page would look through all before it for changes.
            foreach (var row in page) context.Entry(row).State = EntityState.Detached;
        }
    }

    private static async Task CancelAsync(SandQueueContext context, Batch batch, IQueryable<Rollout> rollouts, RolloutEnd end, long now, CancellationToken cancellationToken)
    {
        await rollouts.Where(row => row.End == null && row.Owner == null && row.BeganAt == null).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.End, end.End).SetProperty(row => row.EndedAt, now).SetProperty(row => row.Cause, end.Cause)
                .SetProperty(row => row.Detail, end.Detail).SetProperty(row => row.Retryable, end.Retryable),
            cancellationToken);
        await rollouts.Where(row => row.End == null).ExecuteUpdateAsync(set => set.SetProperty(row => row.IsCancelled, true), cancellationToken);
        await context.SaveChangesAsync(cancellationToken);
        await BatchClosing.TryAsync(context, batch, now, cancellationToken);
        await context.Entry(batch).ReloadAsync(cancellationToken);
    }

    private async Task<Batch?> ChangeAsync(string tenant, string batchId, Func<SandQueueContext, Batch, Task> change, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenForWritingAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        if (await BatchLock.TakeAsync(context, _contexts, tenant, batchId, cancellationToken) is not { } batch) return null;
        await change(context, batch);
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return batch;
    }
}
