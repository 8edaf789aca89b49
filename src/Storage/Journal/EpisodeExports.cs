using Microsoft.EntityFrameworkCore;
using SandQueue.Contracts;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Journal;

/// <summary>Reads the ended episodes of a tenant, however many there are, a page at a time. What began after the first page may be in it or not.</summary>
public sealed class EpisodeExports
{
    private readonly IContextSource _contexts;

    internal EpisodeExports(IContextSource contexts) => _contexts = contexts;

    /// <summary>A page of episodes in the order of their keys.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="after">Only those after this key, the last of the page before; 0 for the first page.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellationToken">Gives the wait up.</param>
    public async Task<List<EpisodeHead>> ListAsync(EpisodeFilter filter, long after, int most, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        return await Heads(Episodes(context, filter).Where(episode => episode.Row.EpisodeId > after).OrderBy(episode => episode.Row.EpisodeId).Take(most)).ToListAsync(cancellationToken);
    }

    /// <summary>A page of the tasks that have such episodes, in their order.</summary>
    /// <param name="filter">Which episodes.</param>
    /// <param name="after">Only tasks after this one, the last of the page before; null for the first page.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellationToken">Gives the wait up.</param>
    public async Task<List<(string EnvType, string TaskId)>> ListTasksAsync(
        EpisodeFilter filter, (string EnvType, string TaskId)? after, int most, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        var rows = Episodes(context, filter).Select(episode => episode.Row);
        if (after is var (environment, task))
        {
            // The database's own order, whatever it is, for both the comparison and the sort.
            rows = rows.Where(row => string.Compare(row.EnvType, environment) > 0 || (row.EnvType == environment && string.Compare(row.TaskId, task) > 0));
        }

        var tasks = await rows.Select(row => new { row.EnvType, row.TaskId }).Distinct().OrderBy(head => head.EnvType).ThenBy(head => head.TaskId).Take(most).ToListAsync(cancellationToken);
        return [.. tasks.Select(head => (head.EnvType, head.TaskId))];
    }

    /// <summary>A page of the episodes of one task in the order of their keys.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="task">The task.</param>
    /// <param name="after">Only those after this key; 0 for the first page.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellationToken">Gives the wait up.</param>
    public async Task<List<EpisodeHead>> ListOfTaskAsync(
        EpisodeFilter filter, (string EnvType, string TaskId) task, long after, int most, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        var episodes = Episodes(context, filter)
            .Where(episode => episode.Row.EnvType == task.EnvType && episode.Row.TaskId == task.TaskId && episode.Row.EpisodeId > after)
            .OrderBy(episode => episode.Row.EpisodeId)
            .Take(most);
        return await Heads(episodes).ToListAsync(cancellationToken);
    }

    /// <summary>The newest ended episodes of one task of a tenant, the newest first.</summary>
    /// <param name="tenant">Whose they are.</param>
    /// <param name="task">The task.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellationToken">Gives the wait up.</param>
    public async Task<List<EpisodeHead>> ListNewestAsync(string tenant, (string EnvType, string TaskId) task, int most, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        var episodes = Episodes(context, new EpisodeFilter(tenant))
            .Where(episode => episode.Row.EnvType == task.EnvType && episode.Row.TaskId == task.TaskId)
            .OrderByDescending(episode => episode.Row.EpisodeId)
            .Take(most);
        return await Heads(episodes).ToListAsync(cancellationToken);
    }

    /// <summary>One ended episode of a tenant; null where it has none of that key.</summary>
    public async Task<EpisodeHead?> FindAsync(string tenant, long episodeId, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        return await Heads(Episodes(context, new EpisodeFilter(tenant)).Where(episode => episode.Row.EpisodeId == episodeId)).FirstOrDefaultAsync(cancellationToken);
    }

    private static IQueryable<ScoredEpisode> Episodes(SandQueueContext context, EpisodeFilter filter)
    {
        // A Create that did not complete has no episode.
        var rows = context.Instances.AsNoTracking().Where(row => row.Tenant == filter.Tenant && row.EndedAt != null && row.State != InstanceState.Failed);
        if (filter.EnvType is { } environment) rows = rows.Where(row => row.EnvType == environment);
        if (filter.Batch is { } batch)
        {
            // The names that rollouts give their instances. A list of names by itself, so that the database makes it once for a page.
            var names = context.Rollouts.Where(rollout => rollout.Tenant == filter.Tenant && rollout.Batch == batch).Select(rollout => "rollout-" + rollout.RolloutId + "-" + rollout.Attempt);
            rows = rows.Where(row => names.Contains(row.InstanceId));
        }

        if (filter.EndReason is { } reason) rows = rows.Where(row => row.EndReason == reason);
        if (filter.After is { } after) rows = rows.Where(row => row.EndedAt >= after);
        if (filter.Before is { } before) rows = rows.Where(row => row.EndedAt < before);
        var scored = rows.Select(row => new ScoredEpisode
        {
            Row = row,
            // What was scored before the last step, or of an instance that did not end well, is no score of the episode.
            Reward = row.State != InstanceState.Released
                ? null
                : context.Journal
                    .Where(entry => entry.EpisodeId == row.EpisodeId && entry.Kind == JournalKind.Evaluate && entry.End == CommandEnd.Completed
                        && !context.Journal.Any(step => step.EpisodeId == row.EpisodeId && step.Kind == JournalKind.Step && step.End == CommandEnd.Completed && step.Id > entry.Id))
                    .OrderByDescending(entry => entry.Id)
                    .Select(entry => entry.Reward)
                    .FirstOrDefault(),
        });
        if (filter.MinReward is { } least) scored = scored.Where(episode => episode.Reward >= least);
        if (filter.MaxReward is { } greatest) scored = scored.Where(episode => episode.Reward <= greatest);
        return scored;
    }

    private static IQueryable<EpisodeHead> Heads(IQueryable<ScoredEpisode> episodes) => episodes.Select(episode => new EpisodeHead(
        episode.Row.EpisodeId,
        episode.Row.InstanceId,
        episode.Row.EnvType,
        episode.Row.TaskId,
        episode.Row.Params,
        episode.Row.State,
        episode.Row.MaxSteps,
        episode.Row.EndReason,
        episode.Row.EndDetail,
        episode.Row.ImageDigest,
        episode.Row.CreatedAt,
        episode.Row.EndedAt!.Value,
        episode.Reward));

    /// <summary>A row with its reward, which filters are put on: of a record's constructor the database knows no members.</summary>
    private sealed class ScoredEpisode
    {
        public required Instance Row { get; init; }

        public required double? Reward { get; init; }
    }
}
