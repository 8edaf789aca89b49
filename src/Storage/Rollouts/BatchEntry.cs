using Microsoft.EntityFrameworkCore;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Rollouts;

/// <summary>
/// Enters batches, whole or not at all. A large one is entered in pieces, a transaction each, so that other writers wait for a piece and not for the whole;
/// until the last piece nobody finds it and nothing of it runs. What is left behind by a process that ended in the middle is removed by the sweep.
/// </summary>
public sealed class BatchEntry
{
    private const int RowsAtOnce = 500;

    /// <summary>A batch of which so long nothing more was stored has nobody any more who stores it.</summary>
    private const long AbandonedMs = 2 * 60 * 1000;

    /// <summary>Stands for the time of the last piece where the batch is being removed, so that no piece comes after that.</summary>
    private const long Removing = -1;

    private static readonly TimeSpan RemovalLimit = TimeSpan.FromSeconds(30);

    private readonly IContextSource _contexts;

    internal BatchEntry(IContextSource contexts) => _contexts = contexts;

    /// <summary>Enters a batch with its rollouts, whose <see cref="Rollout.Batch"/> is set here.</summary>
    /// <returns>What became of it; in every case but <see cref="BatchEntered.Whole"/> nothing of it is left.</returns>
    public async Task<BatchEntered> AddAsync(Batch batch, IEnumerable<Rollout> rollouts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var pieces = new Queue<Rollout[]>();
        using var rows = rollouts.Chunk(RowsAtOnce).GetEnumerator();
        while (pieces.Count < 2 && rows.MoveNext()) pieces.Enqueue(rows.Current);
        var isSmall = pieces.Count < 2;
        batch.EnteringAt = isSmall ? null : 0;
        try
        {
            await BeginAsync(batch, pieces.TryDequeue(out var first) ? first : [], cancellationToken);
        }
        catch (DbUpdateException exception) when (DatabaseFailure.IsDuplicate(exception))
        {
            return await IsEnteringAsync(batch, cancellationToken) ? BatchEntered.NameIsEntering : BatchEntered.NameIsTaken;
        }

        if (isSmall) return BatchEntered.Whole;
        try
        {
            while (pieces.TryDequeue(out var piece))
            {
                if (rows.MoveNext()) pieces.Enqueue(rows.Current);
                await ContinueAsync(batch, piece, isLast: pieces.Count == 0, cancellationToken);
            }

            batch.EnteringAt = null;
            return BatchEntered.Whole;
        }
        catch (Exception exception)
        {
            await GiveUpAsync(batch.Id);
            if (exception is DbUpdateException update && DatabaseFailure.IsDuplicate(update)) return BatchEntered.NameIsTaken;
            throw;
        }
    }

    /// <summary>Removes what was left by processes that ended while they entered a batch.</summary>
    internal async Task RemoveAbandonedAsync(CancellationToken cancellationToken)
    {
        List<long> batches;
        await using (var context = await _contexts.OpenAsync(cancellationToken))
        {
            batches = await context.Batches.Where(row => row.EnteringAt < DatabaseClock.Now() - AbandonedMs).Select(row => row.Id).ToListAsync(cancellationToken);
        }

        foreach (var batch in batches) await RemoveAsync(batch, olderThanMs: AbandonedMs, cancellationToken);
    }

    private async Task BeginAsync(Batch batch, Rollout[] rollouts, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenForWritingAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        context.Batches.Add(batch);
        await context.SaveChangesAsync(cancellationToken);
        if (batch.EnteringAt is not null) await context.Batches.Where(row => row.Id == batch.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.EnteringAt, row => DatabaseClock.Now()), cancellationToken);
        await AddAsync(context, batch.Id, rollouts, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task ContinueAsync(Batch batch, Rollout[] rollouts, bool isLast, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenForWritingAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var entering = context.Batches.Where(row => row.Id == batch.Id && row.EnteringAt >= 0);
        var isThere = isLast
            ? await entering.ExecuteUpdateAsync(set => set.SetProperty(row => row.EnteringAt, (long?)null), cancellationToken)
            : await entering.ExecuteUpdateAsync(set => set.SetProperty(row => row.EnteringAt, row => DatabaseClock.Now()), cancellationToken);
        if (isThere == 0) throw new TimeoutException($"the batch was not stored within {AbandonedMs / 1000} s a piece, and was removed; send it again");
        await AddAsync(context, batch.Id, rollouts, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static Task<int> AddAsync(SandQueueContext context, long batch, Rollout[] rollouts, CancellationToken cancellationToken)
    {
        foreach (var row in rollouts) row.Batch = batch;
        context.Rollouts.AddRange(rollouts);
        return context.SaveChangesAsync(cancellationToken);
    }

    private async Task<bool> IsEnteringAsync(Batch batch, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        return await context.Batches.AnyAsync(row => row.Tenant == batch.Tenant && row.BatchId == batch.BatchId && row.EnteringAt != null, cancellationToken);
    }

    /// <summary>Where this fails too, the sweep does it later, and the reason that is told is the first.</summary>
    private async Task GiveUpAsync(long batch)
    {
        using var limit = new CancellationTokenSource(RemovalLimit);
        try
        {
            await RemoveAsync(batch, olderThanMs: null, limit.Token);
        }
        catch (Exception exception) when (DatabaseFailure.Is(exception) || exception is OperationCanceledException)
        {
            // Said above.
        }
    }

    /// <summary>First no more pieces can come, then its rollouts go, at last the batch with its name.</summary>
    private async Task RemoveAsync(long batch, long? olderThanMs, CancellationToken cancellationToken)
    {
        await using (var context = await _contexts.OpenForWritingAsync(cancellationToken))
        {
            var entering = context.Batches.Where(row => row.Id == batch && row.EnteringAt != null);
            if (olderThanMs is { } age) entering = entering.Where(row => row.EnteringAt < DatabaseClock.Now() - age);
            if (await entering.ExecuteUpdateAsync(set => set.SetProperty(row => row.EnteringAt, Removing), cancellationToken) == 0) return;
        }

        int removed;
        do
        {
            await using var context = await _contexts.OpenForWritingAsync(cancellationToken);
            var rollouts = await context.Rollouts.Where(row => row.Batch == batch).OrderBy(row => row.Number).Select(row => row.Id).Take(RowsAtOnce).ToListAsync(cancellationToken);
            removed = await context.Rollouts.Where(row => rollouts.Contains(row.Id)).ExecuteDeleteAsync(cancellationToken);
        }
        while (removed > 0);

        await using var last = await _contexts.OpenForWritingAsync(cancellationToken);
        await last.Batches.Where(row => row.Id == batch && row.EnteringAt == Removing).ExecuteDeleteAsync(cancellationToken);
    }
}
