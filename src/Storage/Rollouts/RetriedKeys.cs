using Microsoft.EntityFrameworkCore;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Rollouts;

/// <summary>The keys of the rollouts that a retry begins anew: each came with its own, with its batch's, or with none, and closing the batch erased them.</summary>
internal static class RetriedKeys
{
    /// <param name="batch">The batch.</param>
    /// <param name="rows">The rollouts that begin anew.</param>
    /// <param name="given">The key that came with the retry.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public static async Task<RetryKeys> CheckAsync(Batch batch, IQueryable<Rollout> rows, byte[]? given, CancellationToken cancellationToken)
    {
        var keyed = await rows
            .Where(row => row.Policy == null ? batch.SealedKey != null : row.SealedKey != null)
            .GroupBy(row => new { row.Endpoint, IsOwn = row.Policy != null, IsErased = row.Policy != null && row.SealedKey!.Length == 0 })
            .Select(group => group.Key)
            .ToListAsync(cancellationToken);
        if (given is null) return keyed.Exists(key => key.IsOwn ? key.IsErased : batch.SealedKey!.Length == 0) ? RetryKeys.Erased : RetryKeys.Sound;
        return keyed.Select(key => key.Endpoint).Distinct().Count() switch
        {
            > 1 => RetryKeys.ForManyEndpoints,
            0 when await rows.AnyAsync(cancellationToken) => RetryKeys.NotNeeded,
            _ => RetryKeys.Sound,
        };
    }

    /// <summary>Gives the key to those that came with one.</summary>
    public static void Give(Batch batch, Rollout row, byte[]? given)
    {
        if (given is null) return;
        if (row.Policy is null) batch.SealedKey = batch.SealedKey is null ? null : given;
        else if (row.SealedKey is not null) row.SealedKey = given;
    }
}
