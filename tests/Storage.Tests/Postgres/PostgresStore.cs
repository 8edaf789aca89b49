using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Model;
using SandQueue.Testing;

namespace SandQueue.Storage.Tests.Postgres;

public sealed class PostgresStore(PostgresServer server) : StoreFixture
{
    private readonly List<string> _databases = [];

    protected override async Task<string?> MissingAsync() => await server.StartAsync() ? null : server.Missing;

    public override async Task<StorageOptions> CreateDatabaseAsync()
    {
        var name = $"sandqueue_{Guid.NewGuid():n}";
        await server.ExecuteAsync($"CREATE DATABASE {name}");
        _databases.Add(name);
        return new StorageOptions { Database = DatabaseKind.Postgres, ConnectionString = server.Database(name) };
    }

    public override (string Before, string Explain) Plans => ("SET enable_seqscan = off", "EXPLAIN");

    /// <summary>The store's own database.</summary>
    public string ConnectionString => server.Database(_databases[0]);

    /// <summary>Runs a statement in the store's own database, on a connection of its own.</summary>
    public async Task ExecuteAsync(string statement)
    {
        await using var source = NpgsqlDataSource.Create($"{ConnectionString};Pooling=false");
        await using var command = source.CreateCommand(statement);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Lets every process of this database stand still until it is disposed of; skips the running test where the server is not ours.</summary>
    public async Task<IAsyncDisposable> HangAsync()
    {
        Assert.SkipUnless(server.IsOurs, "the server is not the tests' own");
        return await PostgresHang.StartAsync(ConnectionString);
    }

    /// <summary>The server's clock is the machine's and cannot be moved, so the leases are.</summary>
    public override async Task PassAsync(TimeSpan time)
    {
        Time.Advance(time);
        await using var context = await Get<IContextSource>().OpenAsync(CancellationToken.None);
        var passedMs = (long)time.TotalMilliseconds;
        await context.Workers.ExecuteUpdateAsync(set => set.SetProperty(worker => worker.LeaseUntil, worker => worker.LeaseUntil - passedMs)
            .SetProperty(worker => worker.ReceivedAt, worker => worker.ReceivedAt - passedMs)
            .SetProperty(worker => worker.ReceivingSince, worker => worker.ReceivingSince - passedMs));
    }

    public override Exception NewOutage() => new NpgsqlException("the server is away", new SocketException((int)SocketError.ConnectionRefused));

    public override void MakeUnwritable(JournalEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        entry.Worker = "half a character: \ud800";
    }

    protected override async Task DropDatabaseAsync()
    {
        NpgsqlConnection.ClearAllPools();
        foreach (var name in _databases) await server.ExecuteAsync($"DROP DATABASE {name} WITH (FORCE)");
    }
}
