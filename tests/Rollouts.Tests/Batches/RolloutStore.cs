using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using NSubstitute;
using SandQueue.Rollouts.Batches;
using SandQueue.Rollouts.Hosting;
using SandQueue.Rollouts.Play;
using SandQueue.Routing;
using SandQueue.Routing.Fleet;
using SandQueue.Storage;
using SandQueue.Storage.Fleet;
using SandQueue.Storage.Model;
using SandQueue.Storage.Rollouts;
using SandQueue.Testing;
using SandQueue.Transport.Fakes;
using SandQueue.Transport.Sending;

namespace SandQueue.Rollouts.Tests.Batches;

/// <summary>A database file of its own, and processes that play its rollouts with a player of the test's.</summary>
public sealed class RolloutStore : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sandqueue-rollouts-");
    private readonly List<ServiceProvider> _processes = [];

    public async ValueTask InitializeAsync() => await New(new FakePlayer()).MigrateStorageAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes) await process.DisposeAsync();
        SqliteConnection.ClearAllPools();
        await _folder.RemoveAsync();
    }

    /// <summary>A process that lives.</summary>
    internal async Task<ServiceProvider> StartAsync(IRolloutPlayer player, int concurrent = 8)
    {
        var process = New(player, concurrent);
        var worker = new Worker { Name = process.GetRequiredService<ILaneOwner>().Name, Host = "h", Version = "1", Environments = "[]" };
        await process.GetRequiredService<WorkerDirectory>().RegisterAsync(worker, TimeSpan.FromHours(1), CancellationToken.None);
        return process;
    }

    internal async Task<Batch> AddAsync(int items, int concurrency = 4)
    {
        var name = Guid.NewGuid().ToString("n");
        var batch = new Batch
        {
            Tenant = "a", BatchId = name, EnvType = "lake", Items = items, Concurrency = concurrency, Repeats = 1, Policy = [.. """{"type":"nothing"}"""u8], Params = [], ContentHash = [],
        };
        var rollouts = Enumerable.Range(0, items).Select(number => new Rollout { Tenant = "a", RolloutId = $"{name}-{number}", Number = number, TaskId = $"t{number}" });
        (await Get<BatchEntry>().AddAsync(batch, rollouts, CancellationToken.None)).ShouldBe(BatchEntered.Whole);
        return batch;
    }

    internal async Task<Batch> FindAsync(Batch batch) => (await Get<BatchDirectory>().FindAsync(batch.Tenant, batch.BatchId, CancellationToken.None)).ShouldNotBeNull();

    internal Task<List<Rollout>> ListAsync(Batch batch) => Get<RolloutListing>().ListAsync(batch.Id, new RolloutFilter(), -1, 1000, CancellationToken.None);

    internal T Get<T>()
        where T : notnull => _processes[0].GetRequiredService<T>();

    private ServiceProvider New(IRolloutPlayer player, int concurrent = 8)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Rollouts:Concurrent"] = $"{concurrent}" }).Build();
        var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddStorage(new StorageOptions { ConnectionString = $"Data Source={Path.Combine(_folder.FullName, "rollouts.db")}" });
        services.AddSingleton(player).AddSingleton<ILaneOwner>(new Owner($"w-{Guid.NewGuid():n}")).AddSingleton<IMessageSender>(new FakeMessageSender());
        services.AddSingleton(Substitute.For<ICommandRouter>()).AddSingleton<FleetView>();
        services.AddRolloutWorker(configuration);
        services.AddSingleton<BatchDispatcher>().AddSingleton<ClaimWatch>();
        var process = services.BuildServiceProvider();
        _processes.Add(process);
        return process;
    }

    private sealed record Owner(string Name) : ILaneOwner;
}
