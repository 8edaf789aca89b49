using Microsoft.Extensions.Logging;
using Npgsql;
using SandQueue.Storage.Journal;

namespace SandQueue.Storage.Postgres.Partitions;

/// <summary>
/// The journal of PostgreSQL is partitioned by the number of the episode, which is the order in which episodes began. A partition is in use for a thirtieth of the time that episodes are
/// kept, and is dropped as one table when its last episode is old enough: nothing is deleted row by row but the instances and the ids of commands. Ends of commands that reached no instance are in a partition of their own.
/// Decision 0014 has the figures.
/// </summary>
internal sealed partial class PostgresPartitions(NpgsqlDataSource database, ILogger log) : IJournalPartitions
{
    private const int PartitionsPerAge = 30;

    /// <summary>A query that names no episode looks into each partition: no more of them than that are worth it. So what is kept for less than eight hours is removed row by row.</summary>
    private static readonly TimeSpan ShortestAge = TimeSpan.FromHours(8);

    private static readonly TimeSpan LongestPeriod = TimeSpan.FromDays(30);

    /// <summary>Longer than a claim may take that took its number before the partition changed and has not committed: a statement has ten seconds.</summary>
    private static readonly TimeSpan LongestClaim = TimeSpan.FromMinutes(15);

    /// <summary>The last episodes of a partition begin one period after its first, and have one more to end.</summary>
    public TimeSpan Grace(TimeSpan age) => (Period(age) ?? TimeSpan.Zero) * 2;

    public async Task<Rotation> RotateAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var (tables, times) = (new PartitionTables(connection), new PartitionTimes(connection));
        var ranges = await tables.ListAsync(cancellationToken);
        var (last, hasBegun) = await times.LastEpisodeAsync(cancellationToken);
        var current = EpisodeRange.Of(last);
        await times.NoteAsync(current, cancellationToken);

        // The next is always there, should the numbers ever reach its range by themselves.
        if (!await AddUpToAsync(current.Number + 1, tables, ranges, cancellationToken)) return default;
        var isUsed = hasBegun || last > current.From;
        if (Period(age) is { } period && isUsed && await times.IsOlderAsync(current, period, cancellationToken) && await AddUpToAsync(current.Number + 2, tables, ranges, cancellationToken))
        {
            var next = new EpisodeRange(current.Number + 1);
            await times.BeginAsync(next, cancellationToken);
            await times.NoteAsync(next, cancellationToken);
        }

        return await RemoveAsync([.. ranges.Where(range => range.Number < current.Number)], tables, times, new ExpiredEpisodes(connection, age), cancellationToken);
    }

    private static TimeSpan? Period(TimeSpan age) => age < ShortestAge ? null : TimeSpan.FromTicks(Math.Min(age.Ticks / PartitionsPerAge, LongestPeriod.Ticks));

    private async Task<bool> AddUpToAsync(long number, PartitionTables tables, List<EpisodeRange> ranges, CancellationToken cancellationToken)
    {
        for (var next = ranges[^1].Number + 1; next <= number; next++)
        {
            var range = new EpisodeRange(next);
            if (!await tables.TryAddAsync(range, cancellationToken))
            {
                NotAdded(range.Table);
                return false;
            }

            ranges.Add(range);
        }

        return true;
    }

    private async Task<Rotation> RemoveAsync(IReadOnlyList<EpisodeRange> ranges, PartitionTables tables, PartitionTimes times, ExpiredEpisodes episodes, CancellationToken cancellationToken)
    {
        var (removed, hasDropped) = (0, false);
        foreach (var range in ranges)
        {
            if (!await times.IsLeftAsync(range, LongestClaim, cancellationToken) || !await episodes.AreAllAsync(range, cancellationToken)) continue;
            removed += await episodes.RemoveAsync(range, cancellationToken);
            if (!await tables.TryDropAsync(range, cancellationToken))
            {
                NotDropped(range.Table);
                break;
            }

            hasDropped = true;
        }

        return new Rotation(removed, hasDropped);
    }

    [LoggerMessage(LogLevel.Information, "partition {Table} of the journal was not added, because somebody reads the journal for longer than a commit may wait (a backup?); the next sweep tries again")]
    private partial void NotAdded(string table);

    [LoggerMessage(LogLevel.Information, "partition {Table} of the journal, whose episodes are removed, was not dropped, because somebody reads the journal for longer than a commit may wait (a backup?); the next sweep tries again")]
    private partial void NotDropped(string table);
}
