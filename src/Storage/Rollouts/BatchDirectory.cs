using Microsoft.EntityFrameworkCore;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Rollouts;

/// <summary>The batches of tenants, found and listed.</summary>
public sealed class BatchDirectory
{
    private readonly IContextSource _contexts;

    internal BatchDirectory(IContextSource contexts) => _contexts = contexts;

    /// <summary>The tenant's batch of that name, or null.</summary>
    public async Task<Batch?> FindAsync(string tenant, string batchId, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        return await context.WholeBatches.AsNoTracking().FirstOrDefaultAsync(row => row.Tenant == tenant && row.BatchId == batchId, cancellationToken);
    }

    /// <summary>A page of a tenant's batches, the newest first, without those of single rollouts.</summary>
    /// <param name="tenant">Whose they are.</param>
    /// <param name="before">Only those older than this key, the last of the page before; null for the first page.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public async Task<List<Batch>> ListAsync(string tenant, long? before, int most, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        var rows = context.WholeBatches.AsNoTracking().Where(row => row.Tenant == tenant && !row.IsHidden);
        if (before is { } key) rows = rows.Where(row => row.Id < key);
        return await rows.OrderByDescending(row => row.Id).Take(most).ToListAsync(cancellationToken);
    }

    /// <summary>How many batches of a tenant are not closed, with those that are being stored and without those of single rollouts.</summary>
    public async Task<int> CountOpenAsync(string tenant, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        return await context.Batches.CountAsync(row => row.ClosedAt == null && row.Tenant == tenant && !row.IsHidden, cancellationToken);
    }

    /// <summary>What the rollouts of batches are: counted now, and as they were counted for those that are closed.</summary>
    /// <returns>By the batches' keys, in no order.</returns>
    public async Task<ILookup<long, RolloutCount>> CountAsync(IReadOnlyCollection<Batch> batches, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batches);
        var known = batches.Select(batch => (batch.Id, Counts: batch.ClosedAt is null ? null : ClosedCounts.Read(batch.Counts))).ToList();
        var open = known.Where(batch => batch.Counts is null).Select(batch => batch.Id).ToList();
        var counted = open.Count == 0 ? [] : await CountNowAsync(open, cancellationToken);
        return known.Where(batch => batch.Counts is not null).SelectMany(batch => batch.Counts!.Select(count => (batch.Id, Count: count))).Concat(counted).ToLookup(count => count.Id, count => count.Count);
    }

    private async Task<List<(long Id, RolloutCount Count)>> CountNowAsync(List<long> batches, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        return await ClosedCounts.CountAsync(context.Rollouts.AsNoTracking().Where(row => batches.Contains(row.Batch)), cancellationToken);
    }
}
