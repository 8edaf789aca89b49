using Npgsql;

namespace SandQueue.Storage.Postgres.Partitions;

/// <summary>What the retention needs to know and to remove of the episodes of a range besides their part of the journal, on a connection.</summary>
internal sealed class ExpiredEpisodes(NpgsqlConnection connection)
{
    private const int EpisodesPerBatch = 1_000;

    /// <summary>
    /// Whether every instance of the range ended longer ago than <paramref name="age"/>. The newest is looked at first: while it is young, and it is for as long as the
    /// partition is, nothing else is read.
    /// </summary>
    public async Task<bool> AreAllAsync(EpisodeRange range, TimeSpan age, CancellationToken cancellationToken)
    {
        const string Expired = "COALESCE(ended_at < (extract(epoch FROM statement_timestamp()) * 1000)::bigint - $3, FALSE)";
        return await IsAsync($"SELECT COALESCE((SELECT {Expired} FROM instances WHERE episode_id >= $1 AND episode_id < $2 ORDER BY episode_id DESC LIMIT 1), TRUE)")
            && await IsAsync($"SELECT NOT EXISTS (SELECT FROM instances WHERE episode_id >= $1 AND episode_id < $2 AND NOT {Expired})");

        async Task<bool> IsAsync(string condition) => await ScalarAsync(condition, range.From, range.To, (long)age.TotalMilliseconds, cancellationToken) is true;
    }

    /// <summary>Whether the first instance of the range began longer ago than <paramref name="period"/>.</summary>
    public async Task<bool> BeganBeforeAsync(EpisodeRange range, TimeSpan period, CancellationToken cancellationToken) => await ScalarAsync(
        "SELECT created_at < (extract(epoch FROM statement_timestamp()) * 1000)::bigint - $3 FROM instances WHERE episode_id >= $1 AND episode_id < $2 ORDER BY episode_id LIMIT 1",
        range.From,
        range.To,
        (long)period.TotalMilliseconds,
        cancellationToken) is true;

    /// <summary>
    /// Removes the instances of a range and the ids of their commands, in batches. An instance goes after its ids: where this is cut off in between, the next time finds the rest.
    /// </summary>
    /// <returns>How many.</returns>
    public async Task<int> RemoveAsync(EpisodeRange range, CancellationToken cancellationToken)
    {
        var removed = 0;
        var from = range.From;
        while (await LastOfBatchAsync(from, range.To, cancellationToken) is { } last)
        {
            await ExecuteAsync("DELETE FROM command_ids WHERE episode_id >= $1 AND episode_id <= $2", from, last, cancellationToken);
            removed += await ExecuteAsync("DELETE FROM instances WHERE episode_id >= $1 AND episode_id <= $2", from, last, cancellationToken);
            from = last + 1;
        }

        await ExecuteAsync("DELETE FROM command_ids WHERE episode_id >= $1 AND episode_id <= $2", from, range.To - 1, cancellationToken);
        return removed;
    }

    private async Task<long?> LastOfBatchAsync(long from, long to, CancellationToken cancellationToken) => await ScalarAsync(
        "SELECT max(episode_id) FROM (SELECT episode_id FROM instances WHERE episode_id >= $1 AND episode_id < $2 ORDER BY episode_id LIMIT $3) AS batch",
        from,
        to,
        EpisodesPerBatch,
        cancellationToken) as long?;

    private async Task<int> ExecuteAsync(string sql, long from, long to, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = from }, new() { Value = to } } };
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<object?> ScalarAsync(string sql, long from, long to, long third, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = from }, new() { Value = to }, new() { Value = third } } };
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}
