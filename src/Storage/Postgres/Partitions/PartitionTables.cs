using System.Globalization;
using Npgsql;

namespace SandQueue.Storage.Postgres.Partitions;

/// <summary>
/// The tables that the journal consists of, on a connection. To add or drop one, the whole journal is locked for an instant: whoever commits waits for
/// it, and it waits for whoever reads. So it gives up soon, and is tried again later.
/// </summary>
internal sealed class PartitionTables(NpgsqlConnection connection)
{
    private const int LockMs = 200;

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

    /// <returns>False where somebody used the journal for too long.</returns>
    public Task<bool> TryAddAsync(EpisodeRange range, CancellationToken cancellationToken) => TryAsync(
        FormattableString.Invariant(
            $"""
             CREATE TABLE {range.Table} (LIKE journal INCLUDING DEFAULTS INCLUDING STORAGE);
             ALTER TABLE journal ATTACH PARTITION {range.Table} FOR VALUES FROM ({range.From}) TO ({range.To})
             """),
        cancellationToken);

    /// <returns>False where somebody used the journal for too long.</returns>
    public Task<bool> TryDropAsync(EpisodeRange range, CancellationToken cancellationToken) => TryAsync($"DROP TABLE {range.Table}", cancellationToken);

    private async Task<bool> TryAsync(string change, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(string.Create(CultureInfo.InvariantCulture, $"SET LOCAL lock_timeout = {LockMs}; {change}"), connection, transaction);
        try
        {
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            return false;
        }

        await transaction.CommitAsync(cancellationToken);
        return true;
    }
}
