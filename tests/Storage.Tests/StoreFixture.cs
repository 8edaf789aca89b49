using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Tests;

/// <summary>A migrated database of its own for one class of tests. A database joins the contract suites by deriving from this.</summary>
public abstract class StoreFixture : IAsyncLifetime
{
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(30);

    private ServiceProvider? _services;
    private string? _missing;

    public FakeTimeProvider Time { get; } = new();

    public IServiceProvider Services => _services!;

    public async ValueTask InitializeAsync()
    {
        _missing = await MissingAsync();
        if (_missing is not null) return;
        _services = Provide(await CreateDatabaseAsync());
        await _services.MigrateStorageAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        // A test that failed while it held a commit must not hold up all that come after it.
        if (_services is not null) await _services.DisposeAsync().AsTask().WaitAsync(LongestEnd);
        await DropDatabaseAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Skips the running test where this machine has no such database.</summary>
    public StoreFixture OrSkip()
    {
        Assert.SkipWhen(_missing is not null, _missing ?? "");
        return this;
    }

    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    /// <summary>The storage of another process on the same, or another, database.</summary>
    /// <param name="options">The database.</param>
    /// <param name="log">Gets what is logged; null for a process without a log.</param>
    public ServiceProvider Provide(StorageOptions options, ILoggerProvider? log = null)
    {
        var services = new ServiceCollection().AddSingleton<TimeProvider>(Time).AddStorage(options);
        if (log is not null) services.AddLogging(logging => logging.AddProvider(log));
        return services.BuildServiceProvider();
    }

    /// <summary>What the database's clock shows.</summary>
    public async Task<long> NowAsync()
    {
        var contexts = Get<IContextSource>();
        await using var context = await contexts.OpenAsync(CancellationToken.None);
        var now = $"SELECT {contexts.Clock} AS \"Value\"";
        return await context.Database.SqlQueryRaw<long>(now).SingleAsync();
    }

    /// <summary>Lets time pass on the database's clock, as far as leases can tell.</summary>
    public abstract Task PassAsync(TimeSpan time);

    /// <summary>An exception of this database's driver that says: away or busy, try again.</summary>
    public abstract Exception NewOutage();

    /// <summary>Makes one more empty database, without a schema.</summary>
    public abstract Task<StorageOptions> CreateDatabaseAsync();

    /// <summary>Gives an entry a value that this database's driver refuses before the database sees it.</summary>
    public abstract void MakeUnwritable(Storage.Model.JournalEntry entry);

    /// <summary>The statement that asks this database how it would answer a query; before it, what makes reading a whole table dearer than any index, as it is with many rows.</summary>
    public abstract (string Before, string Explain) Plans { get; }

    /// <summary>How the database would answer a query, in its own words.</summary>
    internal async Task<string> PlanAsync(SandQueueContext context, IQueryable query)
    {
        await context.Database.OpenConnectionAsync(CancellationToken.None);
        if (Plans.Before.Length > 0) await context.Database.ExecuteSqlRawAsync(Plans.Before);
        await using var command = query.CreateDbCommand();
        command.CommandText = $"{Plans.Explain} {command.CommandText}";
        await using var rows = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await rows.ReadAsync()) lines.Add(Convert.ToString(rows.GetValue(rows.FieldCount - 1), CultureInfo.InvariantCulture)!);
        return string.Join('\n', lines);
    }

    /// <summary>Why this machine has no such database; null where it has.</summary>
    protected virtual Task<string?> MissingAsync() => Task.FromResult<string?>(null);

    /// <summary>Removes every database this fixture made.</summary>
    protected abstract Task DropDatabaseAsync();
}
