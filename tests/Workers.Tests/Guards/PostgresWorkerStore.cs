using System.Data.Common;
using System.Net.Sockets;
using Npgsql;
using SandQueue.Storage;
using SandQueue.Testing;
using SandQueue.Workers.Tests.Fakes;
using SandQueue.Workers.Tests.Guards;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace SandQueue.Workers.Tests.Guards;

/// <summary>A journal in a PostgreSQL database of its own.</summary>
public sealed class PostgresWorkerStore(PostgresServer server) : WorkerStore
{
    private readonly string _name = $"sandqueue_{Guid.NewGuid():n}";
    private bool _isThere;

    public override DbException NewOutage() => new NpgsqlException("the server is away", new SocketException((int)SocketError.ConnectionRefused));

    public override DbException NewBreak() => new NpgsqlException("the connection broke");

    /// <summary>Skips the running test where this machine has no PostgreSQL.</summary>
    public PostgresWorkerStore OrSkip()
    {
        Assert.SkipUnless(_isThere, server.Missing ?? "");
        return this;
    }

    protected override async Task<StorageOptions?> CreateAsync()
    {
        if (!await server.StartAsync()) return null;
        await ExecuteAsync($"CREATE DATABASE {_name}");
        _isThere = true;
        return new StorageOptions { Database = DatabaseKind.Postgres, ConnectionString = server.Database(_name) };
    }

    protected override async Task DropAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (_isThere) await ExecuteAsync($"DROP DATABASE {_name} WITH (FORCE)");
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(server.Database("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
