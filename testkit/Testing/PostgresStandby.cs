using System.Globalization;

namespace SandQueue.Testing;

/// <summary>A second server that follows the first, and has each commit before its caller is told of it.</summary>
internal sealed class PostgresStandby : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private readonly PostgresPrograms _programs;
    private readonly ServerProcess _process;

    private PostgresStandby(PostgresPrograms programs, ServerProcess process, int port) => (_programs, _process, Port) = (programs, process, port);

    public int Port { get; }

    /// <param name="programs">PostgreSQL's programs.</param>
    /// <param name="folder">The folder of both servers.</param>
    /// <param name="primary">The port of the first server.</param>
    public static async Task<PostgresStandby> StartAsync(PostgresPrograms programs, string folder, int primary)
    {
        var port = FreePort.Take();
        await programs.RunAsync(
            "pg_basebackup", "-h", "127.0.0.1", "-p", primary.ToString(CultureInfo.InvariantCulture), "-U", PostgresPrograms.User,
            "-D", Path.Combine(folder, "standby"), "--write-recovery-conf", "--checkpoint=fast", "--no-sync");
        var standby = new PostgresStandby(programs, await programs.StartServerAsync(folder, "standby", port), port);

        // Only now: a primary that waits for a standby that is not there commits nothing.
        await programs.QueryAsync(primary, "ALTER SYSTEM SET synchronous_standby_names = '*'");
        await programs.QueryAsync(primary, "SELECT pg_reload_conf()");
        await Until.TrueAsync("the standby is synchronous", () => programs.HoldsAsync(primary, "EXISTS (SELECT FROM pg_stat_replication WHERE sync_state = 'sync')"), Limit, () => standby._process.LastOutput);
        return standby;
    }

    /// <summary>Makes it the one that takes writes.</summary>
    public async Task PromoteAsync()
    {
        await _programs.QueryAsync(Port, "SELECT pg_promote(wait => false)");
        await Until.TrueAsync("the standby takes writes", () => _programs.HoldsAsync(Port, "NOT pg_is_in_recovery()"), Limit, () => _process.LastOutput);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
