using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SandQueue.Storage;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;

namespace SandQueue.Workers.Tests.Fakes;

/// <summary>A journal in a file of its own for one class of tests. Tests are kept apart by their callers.</summary>
public sealed class WorkerStore : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sandqueue-workers-");
    private ServiceProvider? _services;

    public FakeTimeProvider Time { get; } = new();

    public StorageOptions Options => new() { ConnectionString = $"Data Source={Path.Combine(_folder.FullName, "journal.db")}" };

    internal EpisodeReader Episodes => _services!.GetRequiredService<EpisodeReader>();

    internal InstanceDirectory Instances => _services!.GetRequiredService<InstanceDirectory>();

    internal EpisodeJournal Journal => _services!.GetRequiredService<EpisodeJournal>();

    public async ValueTask InitializeAsync()
    {
        _services = new ServiceCollection().AddSingleton<TimeProvider>(Time).AddStorage(Options).BuildServiceProvider();
        await _services.MigrateStorageAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (_services is not null) await _services.DisposeAsync();
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    internal async Task<Instance> RowAsync(string caller, string instanceId) =>
        (await Instances.FindNewestAsync(caller, instanceId, CancellationToken.None))!;

    internal async Task<List<JournalEntry>> EpisodeAsync(string caller, string instanceId) =>
        await Episodes.ReadEpisodeAsync((await RowAsync(caller, instanceId)).EpisodeId, CancellationToken.None);
}
