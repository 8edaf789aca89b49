using Microsoft.EntityFrameworkCore;
using SandQueue.Contracts;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Rollouts;

/// <summary>Closes a batch whose rollouts all have their end, with what they are by end. The caller holds its lock, and has stored what it changed.</summary>
internal static class BatchClosing
{
    /// <returns>Whether it is closed now.</returns>
    public static async Task<bool> TryAsync(SandQueueContext context, Batch batch, long now, CancellationToken cancellationToken)
    {
        object[] values =
        [
            batch.Id, now, (int)BatchState.Closed,
            (int)CommandEnd.Completed, (int)CommandEnd.Rejected, (int)CommandEnd.Expired, (int)CommandEnd.Cancelled, (int)CommandEnd.Failed, Batch.ErasedKey,
        ];
        var closed = await context.Database.ExecuteSqlRawAsync(
            """
            UPDATE batches SET closed_at = {1}, state = {2}, pause_reason = NULL, sealed_key = CASE WHEN sealed_key IS NULL THEN NULL ELSE {8} END, is_state_announced = is_hidden,
                completed = (SELECT count(*) FROM rollouts WHERE batch = {0} AND "end" = {3}),
                rejected = (SELECT count(*) FROM rollouts WHERE batch = {0} AND "end" = {4}),
                expired = (SELECT count(*) FROM rollouts WHERE batch = {0} AND "end" = {5}),
                cancelled = (SELECT count(*) FROM rollouts WHERE batch = {0} AND "end" = {6}),
                failed = (SELECT count(*) FROM rollouts WHERE batch = {0} AND "end" = {7})
            WHERE id = {0} AND closed_at IS NULL AND NOT EXISTS (SELECT 1 FROM rollouts WHERE batch = {0} AND "end" IS NULL)
            """,
            values,
            cancellationToken) == 1;
        if (closed)
        {
            var counts = await ClosedCounts.WriteAsync(context, batch.Id, cancellationToken);
            await context.Batches.Where(row => row.Id == batch.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.Counts, counts), cancellationToken);
        }

        if (closed && batch.NeedsKey)
        {
            await context.Rollouts.Where(row => row.Batch == batch.Id && row.SealedKey != null).ExecuteUpdateAsync(set => set.SetProperty(row => row.SealedKey, Batch.ErasedKey), cancellationToken);
        }

        return closed;
    }
}
