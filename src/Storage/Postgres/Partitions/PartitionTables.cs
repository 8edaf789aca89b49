using System.Globalization;
using Npgsql;

namespace SandQueue.Storage.Postgres.Partitions;

/// <summary>
/// The tables that the journal consists of, on a connection. To add or drop one, the whole journal is locked for an instant: whoever commits waits for
/// it, and it waits for whoever reads. So it is not tried while somebody has read for long, gives up soon, and is tried again by a later sweep.
/// </summary>
internal sealed class PartitionTables(NpgsqlConnection connection)
{
    private const int LockMs = 200;

    /// <summary>Somebody uses the journal, or another process, whose lock on the sweep was lost, has made the change.</summary>
    private static readonly string[] Later = [PostgresErrorCodes.LockNotAvailable, PostgresErrorCodes.DuplicateTable, PostgresErrorCodes.UndefinedTable];

    /// <summary>Whose transactions are not told to this account, such as a backup by another, counts as one that reads for long.</summary>
    private const string IsReadForLong =
        """
        SELECT EXISTS (SELECT FROM pg_locks JOIN pg_stat_activity USING (pid)
            WHERE relation = 'journal'::regclass AND granted AND pid <> pg_backend_pid() AND COALESCE(xact_start < clock_timestamp() - interval '1 second', TRUE))
        """;

    /// <summary>The partitions of episodes, the oldest first.</summary>
    public async Task<List<EpisodeRange>> ListAsync(CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid WHERE inhparent = 'journal'::regclass", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var ranges = new List<EpisodeRange>();
        while (await reader.ReadAsync(cancellationToken))
        {
            if (EpisodeRange.Of(reader.GetString(0)) is { } range) ranges.Add(range);
        }

        ranges.Sort((one, other) => one.Number.CompareTo(other.Number));
        return ranges;
    }

    /// <returns>False where somebody used the journal for too long, or another process has added it.</returns>
    public Task<bool> TryAddAsync(EpisodeRange range, CancellationToken cancellationToken) => TryAsync(
        FormattableString.Invariant(
            $"""
             CREATE TABLE {range.Table} (LIKE journal INCLUDING DEFAULTS INCLUDING STORAGE);
             ALTER TABLE journal ATTACH PARTITION {range.Table} FOR VALUES FROM ({range.From}) TO ({range.To})
             """),
        cancellationToken);

    /// <summary>Drops a partition without instances.</summary>
    /// <returns>False where somebody used the journal for too long, or another process has dropped it.</returns>
    /// <exception cref="PostgresException">An instance has its episode there.</exception>
    public Task<bool> TryDropAsync(EpisodeRange range, CancellationToken cancellationToken) => TryAsync(
        FormattableString.Invariant(
            $"""
             DROP TABLE {range.Table};
             DELETE FROM journal_partitions WHERE number = {range.Number};
             DO $$ BEGIN ASSERT NOT EXISTS (SELECT FROM instances WHERE episode_id >= {range.From} AND episode_id < {range.To}), 'an instance has its episode in {range.Table}'; END $$
             """),
        cancellationToken);

    private async Task<bool> TryAsync(string change, CancellationToken cancellationToken)
    {
        await using var look = new NpgsqlCommand(IsReadForLong, connection);
        if (await look.ExecuteScalarAsync(cancellationToken) is true) return false;

        // One change after the other: of two that create a table at the same moment the second is refused in ways that depend on how far the first is.
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(string.Create(CultureInfo.InvariantCulture, $"SET LOCAL lock_timeout = {LockMs}; LOCK TABLE journal_partitions IN EXCLUSIVE MODE; {change}"), connection, transaction);
        try
        {
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException exception) when (Later.Contains(exception.SqlState))
        {
            return false;
        }

        await transaction.CommitAsync(cancellationToken);
        return true;
    }
}
