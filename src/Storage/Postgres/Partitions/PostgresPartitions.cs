using Microsoft.Extensions.Logging;
using Npgsql;
using SandQueue.Storage.Journal;

namespace SandQueue.Storage.Postgres.Partitions;

/// <summary>
/// The journal of PostgreSQL is partitioned by the number of the episode, which is the order in which episodes began. A partition is in use for a thirtieth of the time that episodes are
/// kept, and is dropped as one table when its last episode is old enough: nothing is deleted row by row but the instances and the ids of commands. Ends of commands that reached no instance are in a partition of their own.
/// Decision 0014 has the figures.
/// </summary>
internal sealed partial class PostgresPartitions(PostgresConnections connections, ILogger log) : IJournalPartitions
{
    private const int PartitionsPerAge = 30;

    /// <summary>A query that names no episode looks into each partition: no more of them than that are worth it. So what is kept for less than eight hours is removed row by row.</summary>
    private static readonly TimeSpan ShortestAge = TimeSpan.FromHours(8);

    private static readonly TimeSpan LongestPeriod = TimeSpan.FromDays(30);

    /// <summary>The last episodes of a partition begin one period after its first, and have one more to end.</summary>
    public TimeSpan Grace(TimeSpan age) => (Period(age) ?? TimeSpan.Zero) * 2;

    public async Task<int> RotateAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        await using var connection = await connections.Shared.OpenConnectionAsync(cancellationToken);
        var (tables, episodes) = (new PartitionTables(connection), new ExpiredEpisodes(connection));
        var ranges = await tables.ListAsync(cancellationToken);
        var current = EpisodeRange.Of(await LastEpisodeAsync(connection, cancellationToken));

        // The next is always there, should the numbers ever reach its range by themselves.
        if (!await AddUpToAsync(current.Number + 1, tables, ranges, cancellationToken)) return 0;
        if (Period(age) is { } period && await episodes.BeganBeforeAsync(current, period, cancellationToken)
            && await AddUpToAsync(current.Number + 2, tables, ranges, cancellationToken))
        {
            await BeginAsync(connection, new EpisodeRange(current.Number + 1), cancellationToken);
        }

        var removed = 0;
        foreach (var range in ranges.Where(range => range.Number < current.Number))
        {
            if (await episodes.AreAllAsync(range, age, cancellationToken)) removed += await RemoveAsync(range, tables, episodes, cancellationToken);
        }

        return removed;
    }

    private static TimeSpan? Period(TimeSpan age) => age < ShortestAge ? null : TimeSpan.FromTicks(Math.Min(age.Ticks / PartitionsPerAge, LongestPeriod.Ticks));

    private static async Task<long> LastEpisodeAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT last_value FROM instances_episode_id_seq", connection);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Lets the episodes that begin from now on be of a range.</summary>
    private static async Task BeginAsync(NpgsqlConnection connection, EpisodeRange range, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT setval('instances_episode_id_seq', $1, FALSE)", connection) { Parameters = { new() { Value = range.From } } };
        await command.ExecuteScalarAsync(cancellationToken);
    }

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

    private async Task<int> RemoveAsync(EpisodeRange range, PartitionTables tables, ExpiredEpisodes episodes, CancellationToken cancellationToken)
    {
        var removed = await episodes.RemoveAsync(range, cancellationToken);
        if (!await tables.TryDropAsync(range, cancellationToken)) NotDropped(range.Table);
        return removed;
    }

    [LoggerMessage(LogLevel.Information, "partition {Table} of the journal could not be added, because somebody reads the journal for longer than a commit may wait (a backup?); the next sweep tries again")]
    private partial void NotAdded(string table);

    [LoggerMessage(LogLevel.Information, "partition {Table} of the journal, whose episodes are removed, could not be dropped, because somebody reads the journal for longer than a commit may wait (a backup?); the next sweep tries again")]
    private partial void NotDropped(string table);
}
