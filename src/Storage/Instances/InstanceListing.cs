using Microsoft.EntityFrameworkCore;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Instances;

/// <summary>Lists the instances of a tenant for people, living and ended.</summary>
public sealed class InstanceListing
{
    private readonly IContextSource _contexts;

    internal InstanceListing(IContextSource contexts) => _contexts = contexts;

    /// <summary>A page of a tenant's instances, the newest first.</summary>
    /// <param name="tenant">Whose they are.</param>
    /// <param name="environment">Only those of this environment; null for all.</param>
    /// <param name="state">Only those in this state; null for all.</param>
    /// <param name="search">Only those whose name or task has this in it, in whatever case; null for all.</param>
    /// <param name="before">Only those older than this key, the last of the page before; null for the first page.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellationToken">Gives the wait up.</param>
    public async Task<List<InstanceSummary>> ListAsync(
        string tenant, string? environment, InstanceState? state, string? search, long? before, int most, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        var rows = context.Instances.AsNoTracking().Where(row => row.Tenant == tenant);
        if (environment is not null) rows = rows.Where(row => row.EnvType == environment);
        if (state is { } wanted) rows = rows.Where(row => row.State == wanted);
        // Both databases know how to lower a text; neither is asked with a comparison of .NET's.
#pragma warning disable CA1862
        if (search?.ToLowerInvariant() is { } part) rows = rows.Where(row => row.InstanceId.ToLower().Contains(part) || row.TaskId.ToLower().Contains(part));
#pragma warning restore CA1862
        if (before is { } key) rows = rows.Where(row => row.EpisodeId < key);
        return await Summaries(rows.OrderByDescending(row => row.EpisodeId).Take(most)).ToListAsync(cancellationToken);
    }

    /// <summary>The newest instance of that name, or the one of that name and episode; null where the tenant has none.</summary>
    public async Task<InstanceSummary?> FindAsync(string tenant, string instanceId, long? episodeId, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        var rows = context.Instances.AsNoTracking().Where(row => row.Tenant == tenant && row.InstanceId == instanceId);
        if (episodeId is { } key) rows = rows.Where(row => row.EpisodeId == key);
        return await Summaries(rows.OrderByDescending(row => row.EpisodeId).Take(1)).FirstOrDefaultAsync(cancellationToken);
    }

    /// <summary>The names of the instances of some episodes; those that the retention has removed are not in it.</summary>
    public async Task<Dictionary<long, string>> NamesAsync(IReadOnlyCollection<long> episodes, CancellationToken cancellationToken)
    {
        if (episodes.Count == 0) return [];
        await using var context = await _contexts.OpenAsync(cancellationToken);
        return await context.Instances.Where(row => episodes.Contains(row.EpisodeId))
            .Select(row => new { row.EpisodeId, row.InstanceId })
            .ToDictionaryAsync(row => row.EpisodeId, row => row.InstanceId, cancellationToken);
    }

    /// <summary>How many living instances each tenant has; tenants without any are not in it.</summary>
    public async Task<Dictionary<string, int>> CountLivingAsync(CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        return await context.Instances.Where(row => row.EndedAt == null)
            .GroupBy(row => row.Tenant)
            .Select(living => new { Tenant = living.Key, Count = living.Count() })
            .ToDictionaryAsync(living => living.Tenant, living => living.Count, StringComparer.Ordinal, cancellationToken);
    }

    private static IQueryable<InstanceSummary> Summaries(IQueryable<Instance> rows) => rows.Select(row => new InstanceSummary(
        row.EpisodeId,
        row.InstanceId,
        row.EnvType,
        row.TaskId,
        row.State,
        row.NextStep,
        row.EndReason,
        row.Recoveries,
        row.CreatedAt,
        row.LastUsedAt,
        row.EndedAt,
        row.EndDetail,
        row.ParentEpisode,
        row.ParentStep));
}
