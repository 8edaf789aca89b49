using Npgsql;
using SandQueue.Testing;

namespace SandQueue.FaultRuns.Farm;

/// <summary>Roles of the database, so that it can refuse one worker and serve the others. A role acts as the server's own user once it is logged in.</summary>
internal static class DatabaseRoles
{
    public const string Password = "only-for-tests";

    /// <summary>The database itself may be away or hang for a while.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public static Task MakeAsync(PostgresServer postgres, string role)
    {
        var user = new NpgsqlConnectionStringBuilder(postgres.Connection).Username;
        return ExecuteAsync(postgres, $"CREATE ROLE {role} LOGIN PASSWORD '{Password}' IN ROLE {user}; ALTER ROLE {role} SET role TO {user}");
    }

    /// <summary>Ends all its connections, and lets it make no new one.</summary>
    public static Task RefuseAsync(PostgresServer postgres, string role) =>
        ExecuteAsync(postgres, $"ALTER ROLE {role} NOLOGIN; SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{role}'");

    public static Task AdmitAsync(PostgresServer postgres, string role) => ExecuteAsync(postgres, $"ALTER ROLE {role} LOGIN");

    private static Task ExecuteAsync(PostgresServer postgres, string statements) => Until.TrueAsync("the database changes a role", async () =>
    {
        try
        {
            await using var source = NpgsqlDataSource.Create($"{postgres.Database("postgres")};Pooling=false;Timeout=5;Command Timeout=5");
            await using var command = source.CreateCommand(statements);
            await command.ExecuteNonQueryAsync();
            return true;
        }
        catch (NpgsqlException exception) when (exception.IsTransient || exception.InnerException is IOException or System.Net.Sockets.SocketException or TimeoutException || exception is PostgresException { SqlState: "57P01" or "57P03" })
        {
            return false;
        }
    }, Limit);
}
