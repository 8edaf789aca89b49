using Npgsql;
using SandQueue.Storage.Postgres;

namespace SandQueue.Storage.Tests.Postgres;

/// <summary>What comes back to a pool and is taken from it again.</summary>
public sealed class PostgresConnectionsTests : IClassFixture<PostgresStore>
{
    private readonly PostgresStore _store;

    public PostgresConnectionsTests(PostgresStore store)
    {
        _store = store;
        store.OrSkip();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The server would run several statements for it, each time.</summary>
    [Fact]
    public async Task A_connection_of_a_pool_is_not_reset()
    {
        using var connections = new PostgresConnections($"{_store.ConnectionString};Maximum Pool Size=1");
        foreach (var pool in (NpgsqlDataSource[])[connections.Shared, connections.Leases])
        {
            await ExecuteAsync(pool, "SET work_mem = '7MB'");
            (await ExecuteAsync(pool, "SHOW work_mem")).ShouldBe("7MB");
        }
    }

    [Fact]
    public async Task Whoever_needs_it_reset_says_so_in_the_connection_string()
    {
        using var connections = new PostgresConnections($"{_store.ConnectionString};Maximum Pool Size=1;No Reset On Close=false");
        await ExecuteAsync(connections.Shared, "SET work_mem = '7MB'");
        (await ExecuteAsync(connections.Shared, "SHOW work_mem")).ShouldNotBe("7MB");
    }

    [Fact]
    public async Task A_transaction_that_was_left_open_is_rolled_back_all_the_same()
    {
        using var connections = new PostgresConnections($"{_store.ConnectionString};Maximum Pool Size=1");
        await using (var connection = await connections.Shared.OpenConnectionAsync(Cancel))
        {
            await connection.BeginTransactionAsync(Cancel);
            await using var command = new NpgsqlCommand("CREATE TABLE left_open (x int)", connection);
            await command.ExecuteNonQueryAsync(Cancel);
        }

        (await ExecuteAsync(connections.Shared, "SELECT to_regclass('left_open') IS NULL")).ShouldBe(true);
    }

    private static async Task<object?> ExecuteAsync(NpgsqlDataSource pool, string statement)
    {
        await using var command = pool.CreateCommand(statement);
        return await command.ExecuteScalarAsync(Cancel);
    }
}
