using Npgsql;

namespace SandQueue.Storage.Postgres.Partitions;

/// <summary>What the retention needs to know and to remove of the episodes of a range besides their part of the journal, on a connection.</summary>
/// <param name="connection">An open connection.</param>
/// <param name="age">How long ago an instance has to have ended.</param>
internal sealed class ExpiredEpisodes(NpgsqlConnection connection, TimeSpan age)
{
    private const int EntriesPerBatch = 10_000;

    private const string Expired = "COALESCE(ended_at < (extract(epoch FROM statement_timestamp()) * 1000)::bigint - $3, FALSE)";

    /// <summary>
    /// Whether every instance of the range ended long enough ago. The newest is looked at first: while it is young, and it is for as long as the
    /// partition is, nothing else is read.
    /// </summary>
    public async Task<bool> AreAllAsync(EpisodeRange range, CancellationToken cancellationToken) =>
        await IsAsync($"SELECT COALESCE((SELECT {Expired} FROM instances WHERE episode_id >= $1 AND episode_id < $2 ORDER BY episode_id DESC LIMIT 1), TRUE)", range, cancellationToken)
        && await IsAsync($"SELECT NOT EXISTS (SELECT FROM instances WHERE episode_id >= $1 AND episode_id < $2 AND NOT {Expired})", range, cancellationToken);

    /// <summary>
    /// Removes the instances of a range and the ids of their commands, in batches. An instance goes after its ids, so where none is left nothing is, and where this is cut off in between,
    /// the next time finds the rest.
    /// </summary>
    /// <returns>How many instances.</returns>
    public async Task<int> RemoveAsync(EpisodeRange range, CancellationToken cancellationToken)
    {
        if (!await HasAnyAsync(range, cancellationToken)) return 0;
        var removed = 0;
        var from = range.From;
        while (await LastOfBatchAsync(range, from, cancellationToken) is { } last)
        {
            await FreeIdsAsync(range, from, last, cancellationToken);
            removed += await RemoveInstancesAsync(from, last + 1, cancellationToken);
            from = last + 1;
        }

        return removed + await RemoveInstancesAsync(from, range.To, cancellationToken);
    }

    private async Task<bool> HasAnyAsync(EpisodeRange range, CancellationToken cancellationToken)
    {
        await using var command = Command("SELECT EXISTS (SELECT FROM instances WHERE episode_id >= $1 AND episode_id < $2)", range.From, range.To);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private async Task<bool> IsAsync(string condition, EpisodeRange range, CancellationToken cancellationToken)
    {
        await using var command = Command(condition, range.From, range.To, (long)age.TotalMilliseconds);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private async Task<long?> LastOfBatchAsync(EpisodeRange range, long from, CancellationToken cancellationToken)
    {
        await using var command = Command($"SELECT max(episode_id) FROM (SELECT episode_id FROM {range.Table} WHERE episode_id >= $1 ORDER BY episode_id LIMIT $2) AS batch", from, EntriesPerBatch);
        return await command.ExecuteScalarAsync(cancellationToken) as long?;
    }

    /// <summary>The ids are found by the entries, one by one: the other ways to join them read the ids of all partitions.</summary>
    private async Task FreeIdsAsync(EpisodeRange range, long from, long last, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var plan = new NpgsqlCommand("SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off", connection, transaction)) await plan.ExecuteNonQueryAsync(cancellationToken);
        await using var command = Command(
            $"""
             DELETE FROM command_ids USING {range.Table} AS entry WHERE entry.episode_id >= $1 AND entry.episode_id <= $2
             AND command_ids.tenant = entry.tenant AND command_ids.command_id = entry.command_id AND command_ids.entry_id = entry.id
             """,
            from,
            last);
        await command.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task<int> RemoveInstancesAsync(long from, long to, CancellationToken cancellationToken)
    {
        await using var command = Command($"DELETE FROM instances WHERE episode_id >= $1 AND episode_id < $2 AND {Expired}", from, to, (long)age.TotalMilliseconds);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private NpgsqlCommand Command(string sql, params ReadOnlySpan<long> values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        return command;
    }
}
