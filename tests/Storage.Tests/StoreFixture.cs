using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace SandQueue.Storage.Tests;

/// <summary>A migrated database of its own for one class of tests. A database joins the contract suites by deriving from this.</summary>
public abstract class StoreFixture : IAsyncLifetime
{
    private ServiceProvider? _services;

    public FakeTimeProvider Time { get; } = new();

    public IServiceProvider Services => _services!;

    public long Now => Time.GetUtcNow().ToUnixTimeMilliseconds();

    public async ValueTask InitializeAsync()
    {
        _services = Provide(await CreateDatabaseAsync());
        await _services.MigrateStorageAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (_services is not null) await _services.DisposeAsync();
        await DropDatabaseAsync();
        GC.SuppressFinalize(this);
    }

    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    /// <summary>The storage of another process on the same, or another, database.</summary>
    public ServiceProvider Provide(StorageOptions options) =>
        new ServiceCollection().AddSingleton<TimeProvider>(Time).AddStorage(options).BuildServiceProvider();

    /// <summary>Makes one more empty database, without a schema.</summary>
    public abstract Task<StorageOptions> CreateDatabaseAsync();

    /// <summary>Gives an entry a value that this database's driver refuses before the database sees it.</summary>
    public abstract void MakeUnwritable(Storage.Model.JournalEntry entry);

    /// <summary>Removes every database this fixture made.</summary>
    protected abstract Task DropDatabaseAsync();
}
