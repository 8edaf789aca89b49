using Microsoft.Extensions.DependencyInjection;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Tests.Postgres;

/// <summary>Scans that several processes would run at once.</summary>
public sealed class PostgresScanLockTests : IClassFixture<PostgresStore>
{
    private readonly PostgresStore _store;

    public PostgresScanLockTests(PostgresStore store)
    {
        _store = store;
        store.OrSkip();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_scan_that_another_process_runs_is_skipped_and_the_others_are_not()
    {
        var row = await Rows.ClaimAsync(_store);
        await _store.Get<InstanceDirectory>().EndAsync(row.EpisodeId, row.Epoch, Storage.Model.InstanceState.Released, "was released", 1, Cancel);
        var retention = _store.Get<EpisodeRetention>();
        await using var process = _store.Provide(new StorageOptions { Database = DatabaseKind.Postgres, ConnectionString = _store.ConnectionString });
        var locks = process.GetRequiredService<IScanLock>();

        await using (await locks.TryAcquireAsync(ClusterScan.Retention, Cancel))
        {
            (await retention.RemoveAsync(TimeSpan.FromDays(30), Cancel)).ShouldBe(0);
            await using var other = await locks.TryAcquireAsync(ClusterScan.DeadWorkers, Cancel);
            other.ShouldNotBeNull();
        }

        (await retention.RemoveAsync(TimeSpan.FromDays(30), Cancel)).ShouldBe(1, "the lock ended with its use, though its connection is still in the pool");
    }
}
