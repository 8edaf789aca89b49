using Microsoft.EntityFrameworkCore;
using SandQueue.Contracts;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Journal;

/// <summary>
/// Reads what was asked of an instance and did not complete: it took no effect, so it is in no episode, and its entry names the instance alone. Of several
/// instances of a name each has what was recorded from its create to that of the next, by the clocks of those who recorded it.
/// </summary>
public sealed class EpisodeFailures
{
    private readonly IContextSource _contexts;

    internal EpisodeFailures(IContextSource contexts) => _contexts = contexts;

    /// <summary>The commands in the order of their entries.</summary>
    /// <param name="tenant">Whose they are.</param>
    /// <param name="instance">The instance.</param>
    /// <param name="after">Only those after this entry, the last of the page before; 0 for the first page.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellationToken">Gives the wait up.</param>
    public async Task<List<FailedCommand>> ReadAsync(string tenant, InstanceSummary instance, long after, int most, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(instance);
        await using var context = await _contexts.OpenAsync(cancellationToken);
        var next = await context.Instances
            .Where(row => row.Tenant == tenant && row.InstanceId == instance.InstanceId && row.EpisodeId > instance.EpisodeId)
            .OrderBy(row => row.EpisodeId)
            .Select(row => (long?)row.CreatedAt)
            .FirstOrDefaultAsync(cancellationToken) ?? long.MaxValue;

        return await Query(context, tenant, instance, next, after, most).ToListAsync(cancellationToken);
    }

    /// <summary>Goes by an index of its own, <c>ends_without_episode_by_target</c>: what callers asked in vain may be most of a journal.</summary>
    internal static IQueryable<FailedCommand> Query(SandQueueContext context, string tenant, InstanceSummary instance, long next, long after, int most)
    {
        var target = CommandContent.TargetOf(instance.InstanceId);

        // A create's target is an environment and a task.
        return context.Journal.AsNoTracking()
            .Where(entry => entry.EpisodeId == null && entry.Tenant == tenant && entry.Target == target && entry.Kind != JournalKind.Create)
            .Where(entry => entry.RecordedAt >= instance.CreatedAt && entry.RecordedAt < next && entry.End != CommandEnd.Completed && entry.Id > after)
            .OrderBy(entry => entry.Id)
            .Take(most)
            .Select(entry => new FailedCommand(entry.Id, entry.CommandId, entry.Kind, entry.End, entry.Reason, entry.Cause, entry.Detail, entry.RecordedAt));
    }
}

/// <summary>A command that took no effect.</summary>
/// <param name="Id">The key of its entry.</param>
/// <param name="CommandId">Its id.</param>
/// <param name="Kind">What it was.</param>
/// <param name="End">How it ended.</param>
/// <param name="Reason">Why, for programs.</param>
/// <param name="Cause">Who caused it; null where nobody is known to have.</param>
/// <param name="Detail">Why, one line.</param>
/// <param name="RecordedAt">When, in Unix milliseconds.</param>
public sealed record FailedCommand(long Id, string CommandId, JournalKind Kind, CommandEnd End, CommandReason Reason, FailureCause? Cause, string? Detail, long RecordedAt);
