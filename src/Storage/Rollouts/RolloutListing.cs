using Microsoft.EntityFrameworkCore;
using SandQueue.Contracts;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Rollouts;

/// <summary>Lists the rollouts of a batch.</summary>
public sealed class RolloutListing
{
    private readonly IContextSource _contexts;

    internal RolloutListing(IContextSource contexts) => _contexts = contexts;

    /// <summary>The tenant's rollout of that name with its batch, or null.</summary>
    public async Task<(Rollout Rollout, Batch Batch)?> FindAsync(string tenant, string rolloutId, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        var found = await context.Rollouts.AsNoTracking()
            .Where(row => row.Tenant == tenant && row.RolloutId == rolloutId)
            .Join(context.WholeBatches, row => row.Batch, batch => batch.Id, (row, batch) => new { Rollout = row, Batch = batch })
            .FirstOrDefaultAsync(cancellationToken);
        return found is null ? null : (found.Rollout, found.Batch);
    }

    /// <summary>A page of a batch's rollouts in their order.</summary>
    /// <param name="batch">The batch's key.</param>
    /// <param name="filter">Which.</param>
    /// <param name="after">Only those after this number; -1 for the first page.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public async Task<List<Rollout>> ListAsync(long batch, RolloutFilter filter, int after, int most, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        await using var context = await _contexts.OpenAsync(cancellationToken);
        var rows = context.Rollouts.AsNoTracking().Where(row => row.Batch == batch && row.Number > after);
        if (filter.IsEnded) rows = rows.Where(row => row.End != null);
        if (filter.End is { } end) rows = rows.Where(row => row.End == end);
        if (filter.Cause is { } cause) rows = rows.Where(row => row.Cause == cause);
        if (filter.TaskId is { } task) rows = rows.Where(row => row.TaskId == task);
        return await rows.OrderBy(row => row.Number).Take(most).ToListAsync(cancellationToken);
    }

    /// <summary>Rollouts of a batch that ended at a time or after it, in the order of their ends.</summary>
    /// <param name="batch">The batch's key.</param>
    /// <param name="since">Unix milliseconds.</param>
    /// <param name="after">Of those that ended at that very time only those with a higher key.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public async Task<List<Rollout>> ListEndedAsync(long batch, long since, long after, int most, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        return await context.Rollouts.AsNoTracking()
            .Where(row => row.Batch == batch && row.EndedAt != null && (row.EndedAt > since || (row.EndedAt == since && row.Id > after)))
            .OrderBy(row => row.EndedAt).ThenBy(row => row.Id)
            .Take(most)
            .ToListAsync(cancellationToken);
    }

    /// <summary>The rollouts that a worker has.</summary>
    public async Task<List<ClaimedRollout>> ListClaimedAsync(string owner, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        return await context.Rollouts.Where(row => row.Owner == owner && row.End == null).Select(row => new ClaimedRollout(row.Id, row.Batch, row.Claim, row.IsCancelled)).ToListAsync(cancellationToken);
    }
}

/// <summary>A rollout that a worker has.</summary>
/// <param name="Rollout">Its key.</param>
/// <param name="Batch">Its batch's key.</param>
/// <param name="Claim">The number of the claim.</param>
/// <param name="IsCancelled">Whether its caller has given it up.</param>
public sealed record ClaimedRollout(long Rollout, long Batch, int Claim, bool IsCancelled);

/// <summary>Which rollouts are listed: all, where nothing is said.</summary>
/// <param name="IsEnded">Only those that have an end.</param>
/// <param name="End">Only those of this end.</param>
/// <param name="Cause">Only those of this cause, by its number.</param>
/// <param name="TaskId">Only those of this task.</param>
public sealed record RolloutFilter(bool IsEnded = false, CommandEnd? End = null, int? Cause = null, string? TaskId = null);
