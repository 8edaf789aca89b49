using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SandQueue.Bench.Journal;
using SandQueue.Storage;

namespace SandQueue.Bench.Compare.Programs;

/// <summary>A journal in a database of its own, on the farm's PostgreSQL.</summary>
internal sealed class JournalDatabase : IAsyncDisposable
{
    private readonly string _server;
    private readonly string _name;
    private readonly ServiceProvider _services;

    private JournalDatabase(string server, string name, string connection, ServiceProvider services) => (_server, _name, ConnectionString, _services) = (server, name, connection, services);

    public string ConnectionString { get; }

    /// <summary>The classes of the storage, on this database.</summary>
    public IServiceProvider Services => _services;

    /// <summary>Who writes to it.</summary>
    public StepWriters Writers { get; private set; } = null!;

    /// <param name="server">The connection string of another database of the server.</param>
    /// <param name="writers">How many write at most.</param>
    public static async Task<JournalDatabase> CreateAsync(string server, int writers)
    {
        var name = $"compare_{Guid.NewGuid():n}";
        await ExecuteAsync(server, $"CREATE DATABASE {name}");
        var storage = new StorageOptions { Database = DatabaseKind.Postgres, ConnectionString = new NpgsqlConnectionStringBuilder(server) { Database = name }.ConnectionString };
        var database = new JournalDatabase(server, name, storage.ConnectionString, new ServiceCollection().AddStorage(storage).BuildServiceProvider());
        try
        {
            await database._services.MigrateStorageAsync(CancellationToken.None);
            database.Writers = await StepWriters.ClaimAsync(database._services, writers);
            return database;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Writers is not null) await Writers.DisposeAsync();
        await _services.DisposeAsync();
        await ExecuteAsync(_server, $"DROP DATABASE {_name} WITH (FORCE)");
    }

    private static async Task ExecuteAsync(string server, string sql)
    {
        await using var source = NpgsqlDataSource.Create(server);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
