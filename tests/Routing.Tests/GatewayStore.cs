using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using SandQueue.Contracts;
using SandQueue.Storage;
using SandQueue.Storage.Fleet;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;
using SandQueue.Testing;

namespace SandQueue.Routing.Tests;

/// <summary>A journal in a file of its own, for one test.</summary>
public sealed class GatewayStore : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sandqueue-gateway-");
    private ServiceProvider? _services;

    private string Connection => $"Data Source={Path.Combine(_folder.FullName, "journal.db")}";

    public MomentSkippingTime Time { get; } = new();

    public async ValueTask InitializeAsync()
    {
        _services = new ServiceCollection()
            .AddSingleton<TimeProvider>(Time)
            .AddStorage(new StorageOptions { ConnectionString = Connection })
            .BuildServiceProvider();
        await _services.MigrateStorageAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (_services is not null) await _services.DisposeAsync();
        SqliteConnection.ClearAllPools();
        await _folder.RemoveAsync();
    }

    public T Get<T>()
        where T : notnull => _services!.GetRequiredService<T>();

    /// <summary>From now on the database fails whoever asks for the workers, or for what another table has.</summary>
    public Task BreakAsync(string table = "workers") => ExecuteAsync($"ALTER TABLE {table} RENAME TO {table}_away");

    public Task RestoreAsync(string table = "workers") => ExecuteAsync($"ALTER TABLE {table}_away RENAME TO {table}");

    /// <summary>Nobody can write to the database until what this returns is disposed of.</summary>
    public async Task<IAsyncDisposable> HoldAsync()
    {
        var connection = new SqliteConnection(Connection);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    /// <summary>Enters a worker that lives for an hour.</summary>
    public Task RegisterAsync(string name, string environments, int freeSlots = 5, int? contract = null, params EnvironmentCapacity[] capacity) => Get<WorkerDirectory>().RegisterAsync(
        new Worker { Name = name, Host = "h", Version = "1", Contract = contract ?? QueueNames.ContractVersion, Environments = environments, FreeSlots = freeSlots, Capacity = capacity },
        TimeSpan.FromHours(1),
        CancellationToken.None);

    public static string Describe(params string[] environments) =>
        $"[{string.Join(',', environments.Select(name => $$"""{"env_type":"{{name}}","tasks":3,"unlimited":false,"data_source":"sample","problems":[]}"""))}]";

    /// <summary>The instance as it is, beside a row of its episode.</summary>
    public static InstanceProgress Progress(Instance row) => new()
    {
        EpisodeId = row.EpisodeId,
        Epoch = row.Epoch,
        FromStep = row.NextStep,
        NextStep = row.NextStep,
        State = row.State,
        LastUsedAt = 1,
    };

    private async Task ExecuteAsync(string statement)
    {
        await using var connection = new SqliteConnection(Connection);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = statement;
        await command.ExecuteNonQueryAsync();
    }
}
