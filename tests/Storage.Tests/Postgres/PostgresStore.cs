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

    /// <summary>The server's clock is the machine's and cannot be moved, so the leases are.</summary>
    public override async Task PassAsync(TimeSpan time)
    {
        Time.Advance(time);
        await using var context = await Get<IContextSource>().OpenAsync(CancellationToken.None);
        await context.Workers.ExecuteUpdateAsync(set => set.SetProperty(worker => worker.LeaseUntil, worker => worker.LeaseUntil - (long)time.TotalMilliseconds));
    }

    public override Exception NewOutage() => new NpgsqlException("the server is away", new SocketException((int)SocketError.ConnectionRefused));

    public override void MakeUnwritable(JournalEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        entry.Detail = "half a character: \ud800";
    }

    protected override async Task DropDatabaseAsync()
    {
        NpgsqlConnection.ClearAllPools();
        foreach (var name in _databases) await server.ExecuteAsync($"DROP DATABASE {name} WITH (FORCE)");
    }
}
