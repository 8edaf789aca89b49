using Microsoft.EntityFrameworkCore;
using SandQueue.Contracts;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Journal;

/// <summary>What the journal says of the last commands, whoever executed them. Its cost has a bound, however long the journal is.</summary>
public sealed class JournalActivity
{
    /// <summary>Rows that are looked at: the newest of all tenants.</summary>
    public const int Most = 5_000;

    private readonly IContextSource _contexts;

    internal JournalActivity(IContextSource contexts) => _contexts = contexts;

    /// <summary>The newest ends, the newest first: of all tenants, for those of one could lie anywhere.</summary>
    public async Task<List<RecentEnd>> ReadAsync(CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        return await context.Journal.AsNoTracking()
            .OrderByDescending(entry => entry.Id)
            .Take(Most)
            .Select(entry => new RecentEnd(entry.Tenant, entry.Kind, entry.End, entry.Cause, entry.EnvironmentMs, entry.RecordedAt, entry.EpisodeId, entry.Detail, entry.Target))
            .ToListAsync(cancellationToken);
    }
}

/// <summary>The end of a recent command.</summary>
/// <param name="Tenant">Whose it was.</param>
/// <param name="Kind">What it was.</param>
/// <param name="End">How it ended.</param>
/// <param name="Cause">Who caused a failure.</param>
/// <param name="EnvironmentMs">The time that its environment took.</param>
/// <param name="RecordedAt">When, in Unix milliseconds.</param>
/// <param name="EpisodeId">The episode; null where it never reached one.</param>
/// <param name="Detail">Why it did not complete, one line.</param>
/// <param name="Target">What it was for where it is in no episode: an instance; of a create, environment and task.</param>
public sealed record RecentEnd(
    string Tenant, JournalKind Kind, CommandEnd End, FailureCause? Cause, double EnvironmentMs, long RecordedAt, long? EpisodeId = null, string? Detail = null, string? Target = null);
