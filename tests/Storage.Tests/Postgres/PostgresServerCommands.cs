using Npgsql;
using SandQueue.Testing;

namespace SandQueue.Storage.Tests.Postgres;

internal static class PostgresServerCommands
{
    /// <summary>Runs a statement that concerns the server, not one of its databases.</summary>
    public static async Task ExecuteAsync(this PostgresServer server, string statement)
    {
        await using var source = NpgsqlDataSource.Create($"{server.Database("postgres")};Pooling=false");
        await using var command = source.CreateCommand(statement);
        await command.ExecuteNonQueryAsync();
    }
}
