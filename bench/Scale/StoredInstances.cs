using Npgsql;
using SandQueue.Testing;

namespace SandQueue.Bench.Scale;

/// <summary>A PostgreSQL database with many living instances: most of them were used just now, some are idle for long. All but a tenth of both belong to one living worker.</summary>
internal sealed class StoredInstances(NpgsqlDataSource source)
{
    /// <summary>The worker's name.</summary>
    public const string Worker = "bench-0";

    /// <summary>Connections that nobody uses end soon: what a server process has read is known once it has ended.</summary>
    public const string ShortIdle = "Connection Idle Lifetime=1;Connection Pruning Interval=1";

    private const string Now = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint";

    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(60);

    /// <summary>After so long an instance is parked.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromHours(1);

    /// <summary>After so long one that nobody owns is released.</summary>
    public static readonly TimeSpan Forgotten = TimeSpan.FromHours(24);

    /// <summary>Makes the rows, and the database's statistics.</summary>
    public async Task FillAsync(int stored, CancellationToken cancellationToken)
    {
        await ExecuteAsync(
            $"""
             INSERT INTO workers (name, host, version, contract, environments, free_slots, draining, started_at, lease_until, received_at, receiving_since)
             VALUES ('{Worker}', 'bench', '0', 1, 'frozenlake', 0, false, 0, 9999999999999, 0, 0)
             """,
            cancellationToken);
        await ExecuteAsync(
            $"""
             INSERT INTO instances (tenant, instance_id, env_type, task_id, params, state, owner, epoch, attempts, recoveries, next_step, is_end_announced, created_at, last_used_at)
             SELECT 'bench', 'stored-' || n, 'frozenlake', '4x4-0', '', CASE WHEN n % 10 = 0 THEN 3 ELSE 2 END, CASE WHEN n % 10 = 0 THEN NULL ELSE '{Worker}' END,
                 1, 0, 0, 5, false, {Now}, {Now} FROM generate_series(1, {stored}) AS n
             """,
            cancellationToken);
        await ExecuteAsync("VACUUM ANALYZE instances", cancellationToken);
    }

    /// <summary>Lets some of them be idle, spread over all: for two hours where they have an owner, for two days where they have none.</summary>
    public Task AgeAsync(int idle, CancellationToken cancellationToken) => ExecuteAsync(
        $"""
         UPDATE instances SET last_used_at = {Now} - CASE WHEN owner IS NULL THEN 48 ELSE 2 END * 3600000::bigint
         WHERE episode_id IN (SELECT episode_id FROM instances WHERE ended_at IS NULL ORDER BY md5(instance_id) LIMIT {idle})
         """,
        cancellationToken);

    /// <summary>Rows of instances that statements have read so far, and how often one has read the whole table.</summary>
    public async Task<(long Rows, long Scans)> ReadAsync(CancellationToken cancellationToken)
    {
        // A server process adds what it has counted to the others' when it ends, or some time later.
        await Until.TrueAsync("the server processes that were used have ended", async () => await OneAsync("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'", cancellationToken) == 0, EndLimit);
        return (
            await OneAsync("SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_user_tables WHERE relname = 'instances'", cancellationToken),
            await OneAsync("SELECT seq_scan FROM pg_stat_user_tables WHERE relname = 'instances'", cancellationToken));
    }

    private async Task<long> OneAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
