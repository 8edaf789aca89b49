using Microsoft.Data.Sqlite;
using Npgsql;

namespace SandQueue.Bench.Scale;

/// <summary>
/// Fills a journal with the steps of ended episodes, a hundred each, by statements of the database's own. Ids of commands are as a gateway makes them, older
/// than those that come: each is in the index before them. Payloads are short, because their length changes nothing of what is looked up.
/// </summary>
internal static class FilledJournal
{
    private const int StepsPerEpisode = 100;

    /// <summary>Of PostgreSQL, until its statistics are made and everything is on its disk.</summary>
    public static async Task FillAsync(NpgsqlDataSource source, int rows, CancellationToken cancellationToken)
    {
        await ExecuteAsync(
            """
            INSERT INTO instances (tenant, instance_id, env_type, task_id, params, state, epoch, attempts, recoveries, next_step, is_end_announced, created_at, last_used_at, ended_at)
            SELECT 'bench', 'stored-' || n, 'frozenlake', '4x4-0', '', 4, 1, 0, 0, 101, true, 1, 1, 1 FROM generate_series(1, @episodes) AS n
            """,
            rows / StepsPerEpisode);
        await ExecuteAsync(
            """
            INSERT INTO journal (id, tenant, command_id, episode_id, kind, step, "end", reason, action, params, answer, observation_hash, reward, terminated, environment_ms, worker, epoch, recorded_at)
            SELECT nextval('journal_ids'), 'bench', lpad(to_hex(1700000000000 + instances.episode_id * 100 + n), 12, '0') || '7' || substr(md5(n || instances.instance_id), 1, 19), instances.episode_id, 2, n, 1, 0,
                decode(repeat('00', 24), 'hex'), '', decode(repeat('00', 64), 'hex'), decode(repeat('00', 32), 'hex'), 0, false, 0.1, 'bench', 1, 1
            FROM instances, generate_series(1, 100) AS n WHERE instances.instance_id LIKE 'stored-%'
            """);
        await ExecuteAsync("INSERT INTO command_ids (tenant, command_id, entry_id, episode_id) SELECT tenant, command_id, id, episode_id FROM journal ORDER BY command_id");

        // As on a farm, where the retention lets a partition begin each day: those that come are not in the one of those that were.
        await ExecuteAsync("SELECT setval('instances_episode_id_seq', 10000000000, FALSE)");
        await ExecuteAsync("VACUUM ANALYZE instances");
        await ExecuteAsync("VACUUM ANALYZE command_ids");
        await ExecuteAsync("VACUUM ANALYZE journal");
        await ExecuteAsync("CHECKPOINT");

        async Task ExecuteAsync(string sql, int? episodes = null)
        {
            await using var command = source.CreateCommand(sql);
            command.CommandTimeout = 0;
            if (episodes is { } count) command.Parameters.AddWithValue("episodes", count);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>Of SQLite.</summary>
    public static async Task FillAsync(string file, int rows, CancellationToken cancellationToken)
    {
        await using var connection = new SqliteConnection($"Data Source={file};Pooling=false");
        await connection.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandTimeout = 0;
        command.Parameters.AddWithValue("$episodes", rows / StepsPerEpisode);
        command.CommandText =
            """
            BEGIN IMMEDIATE;
            WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < $episodes)
            INSERT INTO instances (tenant, instance_id, env_type, task_id, params, state, epoch, attempts, recoveries, next_step, is_end_announced, created_at, last_used_at, ended_at)
            SELECT 'bench', 'stored-' || n, 'frozenlake', '4x4-0', x'', 4, 1, 0, 0, 101, 1, 1, 1, 1 FROM numbers;
            WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 100)
            INSERT INTO journal (tenant, command_id, episode_id, kind, step, "end", reason, action, params, answer, observation_hash, reward, terminated, environment_ms, worker, epoch, recorded_at)
            SELECT 'bench', printf('%012x', 1700000000000 + instances.episode_id * 100 + n) || '7' || substr(lower(hex(randomblob(10))), 1, 19), instances.episode_id, 2, n, 1, 0,
                zeroblob(24), x'', zeroblob(64), zeroblob(32), 0, 0, 0.1, 'bench', 1, 1
            FROM instances, numbers WHERE instances.instance_id LIKE 'stored-%';
            COMMIT;
            PRAGMA wal_checkpoint(TRUNCATE);
            """;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
