using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SandQueue.Storage;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;
using SandQueue.Testing;

namespace SandQueue.Workers.Tests.Fakes;

/// <summary>A journal of its own for one class of tests, in a SQLite file. Tests are kept apart by their callers.</summary>
public class WorkerStore : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sandqueue-workers-");
    private ServiceProvider? _services;

    public FakeTimeProvider Time { get; } = new();

    public StorageOptions Options { get; private set; } = new() { ConnectionString = "" };

    internal EpisodeReader Episodes => _services!.GetRequiredService<EpisodeReader>();

    internal EpisodeExports Exports => _services!.GetRequiredService<EpisodeExports>();

    internal InstanceDirectory Instances => _services!.GetRequiredService<InstanceDirectory>();

    internal EpisodeJournal Journal => _services!.GetRequiredService<EpisodeJournal>();

    public async ValueTask InitializeAsync()
    {
        if (await CreateAsync() is not { } options) return;
        Options = options;
        _services = new ServiceCollection().AddSingleton<TimeProvider>(Time).AddStorage(options).BuildServiceProvider();
        await _services.MigrateStorageAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (_services is not null) await _services.DisposeAsync();
        await DropAsync();
        await _folder.RemoveAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>What the driver throws when the connection breaks and may come back.</summary>
    public virtual DbException NewOutage() => new SqliteException("database is locked", 5);

    /// <summary>What the driver throws when the connection broke for good.</summary>
    public virtual DbException NewBreak() => new SqliteException("disk I/O error", 10);

    /// <returns>Null where this machine has no such database.</returns>
    protected virtual Task<StorageOptions?> CreateAsync() =>
        Task.FromResult<StorageOptions?>(new StorageOptions { ConnectionString = $"Data Source={Path.Combine(_folder.FullName, "journal.db")}" });

    protected virtual Task DropAsync()
    {
        SqliteConnection.ClearAllPools();
        return Task.CompletedTask;
    }

    internal async Task<Instance> RowAsync(string tenant, string instanceId) =>
        (await Instances.FindNewestAsync(tenant, instanceId, CancellationToken.None))!;

    internal async Task<List<JournalEntry>> EpisodeAsync(string tenant, string instanceId) =>
        await Episodes.ReadEpisodeAsync((await RowAsync(tenant, instanceId)).EpisodeId, CancellationToken.None);
}
