using Microsoft.EntityFrameworkCore;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Rollouts;

/// <summary>
/// Removes batches that closed long ago with their rollouts and turns, and secrets that nobody has used for as long, in small pieces so that nobody waits
/// long for a lock. One process of the farm does so at a time.
/// </summary>
public sealed class BatchRetention
{
    private const int BatchesAtOnce = 50;
    private const int RolloutsAtOnce = 500;

    private readonly IContextSource _contexts;
    private readonly IScanLock _scans;

    internal BatchRetention(IContextSource contexts, IScanLock scans) => (_contexts, _scans) = (contexts, scans);

    /// <summary>Removes what is older than <paramref name="age"/>. The names in it are new from then on.</summary>
    /// <returns>Batches removed, those of single rollouts too; 0 where another process removes them.</returns>
    public async Task<int> RemoveAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        await using var scan = await _scans.TryAcquireAsync(ClusterScan.OldBatches, cancellationToken);
        if (scan is null) return 0;
        var (ageMs, removed) = ((long)age.TotalMilliseconds, 0);
        while (await ListAsync(ageMs, cancellationToken) is { Count: > 0 } batches)
        {
            foreach (var batch in batches)
            {
                if (!await HideAsync(batch, ageMs, cancellationToken)) continue;
                while (await RemoveRolloutsAsync(batch, cancellationToken) == RolloutsAtOnce)
                {
                }

                removed += await RemoveBatchAsync(batch, cancellationToken);
            }
        }

        await RemoveSecretsAsync(ageMs, cancellationToken);
        return removed;
    }

    private async Task<List<long>> ListAsync(long ageMs, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        return await context.Batches.Where(row => row.ClosedAt < DatabaseClock.Now() - ageMs).OrderBy(row => row.Id).Select(row => row.Id).Take(BatchesAtOnce).ToListAsync(cancellationToken);
    }

    /// <summary>First nobody finds it any more: a batch that lacks rollouts must not begin anew. Where this is cut off afterwards, the next sweep finds the rest.</summary>
    /// <returns>False where it has begun anew meanwhile.</returns>
    private async Task<bool> HideAsync(long batch, long ageMs, CancellationToken cancellationToken)
    {
        var name = $"removed-{Guid.NewGuid():n}";
        await using var context = await _contexts.OpenForWritingAsync(cancellationToken);
        return await context.Batches.Where(row => row.Id == batch && row.ClosedAt < DatabaseClock.Now() - ageMs).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.IsHidden, true).SetProperty(row => row.BatchId, name).SetProperty(row => row.IsStateAnnounced, true), cancellationToken) == 1;
    }

    /// <summary>Their turns go with them.</summary>
    private async Task<int> RemoveRolloutsAsync(long batch, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenForWritingAsync(cancellationToken);
        var rollouts = await context.Rollouts.Where(row => row.Batch == batch).OrderBy(row => row.Number).Select(row => row.Id).Take(RolloutsAtOnce).ToListAsync(cancellationToken);
        return rollouts.Count == 0 ? 0 : await context.Rollouts.Where(row => rollouts.Contains(row.Id)).ExecuteDeleteAsync(cancellationToken);
    }

    private async Task<int> RemoveBatchAsync(long batch, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenForWritingAsync(cancellationToken);
        return await context.Batches.Where(row => row.Id == batch).ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>A batch that is not closed may still ask for one, so its tenant's stay.</summary>
    private async Task RemoveSecretsAsync(long ageMs, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenForWritingAsync(cancellationToken);
        await context.Secrets
            .Where(row => row.UpdatedAt < DatabaseClock.Now() - ageMs && row.UsedAt < DatabaseClock.Now() - ageMs && !context.Batches.Any(batch => batch.Tenant == row.Tenant && batch.ClosedAt == null))
            .ExecuteDeleteAsync(cancellationToken);
    }
}
