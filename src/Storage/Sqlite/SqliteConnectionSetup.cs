using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace SandQueue.Storage.Sqlite;

/// <summary>
/// Sets up every connection to the file: readers beside one writer, commits that are on the disk before they are answered (FULL), for a
/// laptop can lose power too, and the clock. The database runs within this process, so its clock is the process's.
/// </summary>
internal sealed class SqliteConnectionSetup(TimeProvider time) : DbConnectionInterceptor
{
    /// <summary>Gives Unix milliseconds, in SQL.</summary>
    public const string ClockFunction = "sandqueue_now";

    private const string Pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=10000;";

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        if (!IsReadOnly(connection)) SetUp((SqliteConnection)connection);
    }

    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        // SQLite has no asynchronous calls.
        ConnectionOpened(connection, eventData);
        return Task.CompletedTask;
    }

    /// <summary>Sets up an open connection.</summary>
    public void SetUp(SqliteConnection connection)
    {
        connection.CreateFunction(ClockFunction, () => time.GetUtcNow().ToUnixTimeMilliseconds());
        using var command = connection.CreateCommand();
        command.CommandText = Pragmas;
        command.ExecuteNonQuery();
    }

    /// <summary>EF looks whether the file is there through a connection that cannot change its mode: one restored from a backup is not in WAL yet.</summary>
    private static bool IsReadOnly(DbConnection connection) => connection.ConnectionString.Contains("Mode=ReadOnly", StringComparison.OrdinalIgnoreCase);
}
