using Npgsql;

namespace SandQueue.Storage.Postgres.Partitions;

/// <summary>
/// When partitions began to be used, by the database's clock, on a connection. What instances say of their beginning does not decide it: an import may say anything.
/// </summary>
internal sealed class PartitionTimes(NpgsqlConnection connection)
{
    private const string Now = "(extract(epoch FROM statement_timestamp()) * 1000)::bigint";

    /// <summary>The last episode's number, and whether it has begun: of a new sequence the first has not.</summary>
    public async Task<(long Episode, bool HasBegun)> LastEpisodeAsync(CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT last_value, is_called FROM instances_episode_id_seq", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt64(0), reader.GetBoolean(1));
    }

    /// <summary>Lets the episodes that begin from now on be of a range. It never goes back: another process may have been here before.</summary>
    public Task BeginAsync(EpisodeRange range, CancellationToken cancellationToken) => ExecuteAsync(
        "SELECT setval('instances_episode_id_seq', $1, FALSE) FROM instances_episode_id_seq WHERE last_value < $1", range.From, cancellationToken);

    /// <summary>Notes that a range is in use, from now on where that was not noted before.</summary>
    public Task NoteAsync(EpisodeRange range, CancellationToken cancellationToken) => ExecuteAsync(
        $"INSERT INTO journal_partitions (number, begun_at) VALUES ($1, {Now}) ON CONFLICT DO NOTHING", range.Number, cancellationToken);

    /// <summary>Whether a range has been in use for longer than a time.</summary>
    public Task<bool> IsOlderAsync(EpisodeRange range, TimeSpan age, CancellationToken cancellationToken) => ExistsAsync("number = $1", range, age, cancellationToken);

    /// <summary>Whether it is longer ago than a time that one behind a range began.</summary>
    public Task<bool> IsLeftAsync(EpisodeRange range, TimeSpan age, CancellationToken cancellationToken) => ExistsAsync("number > $1", range, age, cancellationToken);

    private async Task<bool> ExistsAsync(string which, EpisodeRange range, TimeSpan age, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"SELECT EXISTS (SELECT FROM journal_partitions WHERE {which} AND begun_at < {Now} - $2)", connection)
        {
            Parameters = { new() { Value = range.Number }, new() { Value = (long)age.TotalMilliseconds } },
        };
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private async Task ExecuteAsync(string sql, long value, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = value } } };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
