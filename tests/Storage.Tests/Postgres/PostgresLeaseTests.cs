using Npgsql;
using SandQueue.Storage.Fleet;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Model;
using SandQueue.Testing;

namespace SandQueue.Storage.Tests.Postgres;

/// <summary>Leases while other statements hang.</summary>
public sealed class PostgresLeaseTests : IClassFixture<PostgresStore>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly PostgresStore _store;
    private readonly WorkerDirectory _workers;

    public PostgresLeaseTests(PostgresStore store)
    {
        _store = store;
        store.OrSkip();
        _workers = store.Get<WorkerDirectory>();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_lease_that_ends_while_its_row_is_locked_is_not_renewed()
    {
        await RegisterAsync("locked", TimeSpan.FromMilliseconds(500));
        await using var connection = await LockAsync("SELECT * FROM workers WHERE name = 'locked' FOR UPDATE");

        var renewal = _workers.RenewAsync("locked", TimeSpan.FromMinutes(1), TimeSpan.Zero, [new EnvironmentCapacity("countdown", 1, 0)], containers: null, Cancel);
        await Until.TrueAsync("ended", async () => await _workers.FindLivingAsync("locked", Cancel) is null, Limit);
        renewal.IsCompleted.ShouldBeFalse();
        await connection.CloseAsync();

        (await renewal).ShouldBe(LeaseVerdict.Ended);
        (await _workers.FindLivingAsync("locked", Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task A_lease_is_renewed_while_every_shared_connection_hangs()
    {
        await RegisterAsync("beside", TimeSpan.FromMinutes(1));
        var instances = _store.Get<InstanceDirectory>();
        var row = await Rows.ClaimAsync(_store);
        await using var connection = await LockAsync($"SELECT * FROM instances WHERE episode_id = {row.EpisodeId} FOR UPDATE");
        var hanging = Enumerable.Range(0, 25).Select(_ => instances.RecoveredAsync(row.EpisodeId, row.Epoch, 7, Cancel)).ToList();
        await Until.TrueAsync("hanging", async () => await HangingAsync() >= 10, Limit);

        (await _workers.RenewAsync("beside", TimeSpan.FromMinutes(1), TimeSpan.Zero, [new EnvironmentCapacity("countdown", 1, 0)], containers: null, Cancel).WaitAsync(TimeSpan.FromSeconds(3), Cancel)).ShouldBe(LeaseVerdict.Renewed);

        hanging.ShouldAllBe(one => !one.IsCompleted, "it was renewed after them");
        await connection.CloseAsync();
        await Task.WhenAll(hanging);
    }

    private Task RegisterAsync(string name, TimeSpan lease) =>
        _workers.RegisterAsync(new Worker { Name = name, Host = "h", Version = "1", Environments = "[]" }, lease, Cancel);

    private async Task<NpgsqlConnection> LockAsync(string sql)
    {
        var connection = new NpgsqlConnection($"{_store.ConnectionString};Pooling=false");
        await connection.OpenAsync(Cancel);
        await using var begin = new NpgsqlCommand($"BEGIN; {sql}", connection);
        await begin.ExecuteNonQueryAsync(Cancel);
        return connection;
    }

    private async Task<long> HangingAsync()
    {
        await using var connection = new NpgsqlConnection($"{_store.ConnectionString};Pooling=false");
        await connection.OpenAsync(Cancel);
        await using var count = new NpgsqlCommand("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'", connection);
        return (long)(await count.ExecuteScalarAsync(Cancel))!;
    }
}
