using Microsoft.EntityFrameworkCore;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Rollouts;

/// <summary>
/// Locks a batch's row until the transaction ends. Whatever moves one of its rollouts, or the batch itself, holds it, so that what was read under it
/// stays true: how many run, which wait, and that none is without an end.
/// </summary>
internal static class BatchLock
{
    /// <returns>The row, as it is once it is locked; null where there is none, or it is not stored whole.</returns>
    public static async Task<Batch?> TakeAsync(SandQueueContext context, IContextSource contexts, long batch, CancellationToken cancellationToken)
    {
        var sql = $"SELECT * FROM batches WHERE id = {{0}}{contexts.RowLock}";

        // Nothing is composed onto it: the lock would be taken within a subquery.
        return (await context.Batches.FromSqlRaw(sql, batch).ToListAsync(cancellationToken)).SingleOrDefault(row => row.EnteringAt is null);
    }

    /// <inheritdoc cref="TakeAsync(SandQueueContext, IContextSource, long, CancellationToken)"/>
    public static async Task<Batch?> TakeAsync(SandQueueContext context, IContextSource contexts, string tenant, string batchId, CancellationToken cancellationToken)
    {
        var sql = $"SELECT * FROM batches WHERE tenant = {{0}} AND batch_id = {{1}}{contexts.RowLock}";
        return (await context.Batches.FromSqlRaw(sql, tenant, batchId).ToListAsync(cancellationToken)).SingleOrDefault(row => row.EnteringAt is null);
    }
}
