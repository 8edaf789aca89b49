using System.Data.Common;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SandQueue.Contracts;
using SandQueue.Routing.Fleet;
using SandQueue.Storage.Fleet;
using SandQueue.Storage.Model;
using SandQueue.Testing;

namespace SandQueue.Routing.Tests.Fleet;

public sealed class FleetViewTests : IAsyncLifetime
{
    private readonly GatewayStore _store = new();
    private FleetView _fleet = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _store.InitializeAsync();
        _fleet = new FleetView(_store.Get<WorkerDirectory>(), _store.Time, NullLogger<FleetView>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        _fleet.Dispose();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task The_living_workers_and_what_they_serve_are_known()
    {
        await _store.RegisterAsync("a", GatewayStore.Describe("webshop", "bfcl"), freeSlots: 5);
        await _store.RegisterAsync("b", GatewayStore.Describe("bfcl"), freeSlots: 7);

        (await _fleet.IsLivingAsync("a", Cancel)).ShouldBeTrue();
        (await _fleet.IsLivingAsync("c", Cancel)).ShouldBeFalse();
        (await _fleet.EnvironmentsAsync(Cancel)).Keys.ShouldBe(["bfcl", "webshop"]);
        (await _fleet.EnvironmentsAsync(Cancel))["bfcl"].Tasks.ShouldBe(3);
        (await _fleet.FreeSlotsAsync(Cancel)).ShouldBe(12);
    }

    [Fact]
    public async Task A_worker_is_known_to_live_while_what_is_known_says_so_and_is_young()
    {
        await _store.RegisterAsync("a", GatewayStore.Describe("bfcl"));
        _fleet.IsKnownToLive("a").ShouldBeFalse("nothing is known yet, and nothing is looked up");
        (await _fleet.IsLivingAsync("a", Cancel)).ShouldBeTrue();

        _fleet.IsKnownToLive("a").ShouldBeTrue();
        _fleet.IsKnownToLive("b").ShouldBeFalse();
        _store.Time.Advance(TimeSpan.FromSeconds(11));
        _fleet.IsKnownToLive("a").ShouldBeFalse("it may be old");
    }

    [Fact]
    public async Task What_is_known_of_a_living_worker_is_refreshed_beside()
    {
        await _store.RegisterAsync("a", GatewayStore.Describe("bfcl"));
        (await _fleet.IsLivingAsync("a", Cancel)).ShouldBeTrue();
        await _store.Get<WorkerDirectory>().EndLeaseAsync("a", Cancel);
        _store.Time.Advance(TimeSpan.FromSeconds(3));

        _fleet.IsKnownToLive("a").ShouldBeTrue("nobody waits for what is young enough");

        await Until.TrueAsync("it is looked up again", () => Task.FromResult(!_fleet.IsKnownToLive("a")), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_fleet_of_nobody_serves_nothing()
    {
        (await _fleet.EnvironmentsAsync(Cancel)).ShouldBeEmpty();
        (await _fleet.FreeSlotsAsync(Cancel)).ShouldBe(0);
    }

    [Fact]
    public async Task What_is_known_is_served_for_ten_seconds_and_refreshed_beside()
    {
        await _store.RegisterAsync("a", GatewayStore.Describe("bfcl"));
        (await _fleet.IsLivingAsync("a", Cancel)).ShouldBeTrue();
        await _store.Get<WorkerDirectory>().EndLeaseAsync("a", Cancel);

        _store.Time.Advance(TimeSpan.FromSeconds(1.9));
        (await _fleet.IsLivingAsync("a", Cancel)).ShouldBeTrue("it is fresh, so nothing is looked up");
        _store.Time.Advance(TimeSpan.FromSeconds(0.1));
        (await _fleet.IsLivingAsync("a", Cancel)).ShouldBeTrue("it is served while it is refreshed");

        await Until.TrueAsync("it was refreshed beside", async () => !await _fleet.IsLivingAsync("a", Cancel), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task What_is_older_than_ten_seconds_is_looked_up_first()
    {
        await _store.RegisterAsync("a", GatewayStore.Describe("bfcl"));
        (await _fleet.IsLivingAsync("a", Cancel)).ShouldBeTrue();
        await _store.Get<WorkerDirectory>().EndLeaseAsync("a", Cancel);

        _store.Time.Advance(TimeSpan.FromSeconds(10));

        (await _fleet.IsLivingAsync("a", Cancel)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_worker_or_environment_that_is_not_known_is_looked_up_before_it_is_denied()
    {
        (await _fleet.EnvironmentsAsync(Cancel)).ShouldBeEmpty();
        await _store.RegisterAsync("b", GatewayStore.Describe("webshop"));

        _store.Time.Advance(TimeSpan.FromSeconds(2));

        (await _fleet.ServesAsync("webshop", Cancel)).ShouldBeTrue();
        (await _fleet.IsLivingAsync("b", Cancel)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_dead_worker_is_left_out_by_the_next_look()
    {
        await _store.RegisterAsync("a", GatewayStore.Describe("bfcl"));
        (await _fleet.FreeSlotsAsync(Cancel)).ShouldBe(5);
        _store.Time.Advance(TimeSpan.FromHours(1));
        (await _fleet.FreeSlotsAsync(Cancel)).ShouldBe(0);
    }

    [Fact]
    public async Task A_worker_that_speaks_other_messages_is_none()
    {
        await _store.RegisterAsync("old", GatewayStore.Describe("bfcl"), contract: QueueNames.ContractVersion + 1);
        await _store.RegisterAsync("ours", "[]");
        (await _fleet.IsLivingAsync("old", Cancel)).ShouldBeFalse();
        (await _fleet.FindOtherVersionAsync("old", Cancel))!.Contract.ShouldBe(QueueNames.ContractVersion + 1);
        (await _fleet.FindOtherVersionAsync("ours", Cancel)).ShouldBeNull();
        (await _fleet.EnvironmentsAsync(Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_worker_that_speaks_other_messages_is_told_of_once_and_not_at_every_look()
    {
        var log = new KeptLog<FleetView>();
        using var fleet = new FleetView(_store.Get<WorkerDirectory>(), _store.Time, log);
        await _store.RegisterAsync("old", GatewayStore.Describe("bfcl"), contract: QueueNames.ContractVersion + 1);
        for (var look = 0; look < 3; look++)
        {
            await fleet.FreeSlotsAsync(Cancel);
            _store.Time.Advance(TimeSpan.FromSeconds(2));
        }

        var (level, line) = log.Lines.ShouldHaveSingleItem();
        level.ShouldBe(LogLevel.Warning);
        line.ShouldBe(
            $"worker old is left out: its version 1 speaks messages {QueueNames.ContractVersion + 1}, this gateway speaks {QueueNames.ContractVersion}; update one of the two");
    }

    [Fact]
    public async Task While_the_database_is_away_what_was_known_holds_for_a_minute()
    {
        await _store.RegisterAsync("a", GatewayStore.Describe("bfcl"));
        (await _fleet.IsLivingAsync("a", Cancel)).ShouldBeTrue();
        await _store.BreakAsync();

        _store.Time.Advance(TimeSpan.FromSeconds(30));
        (await _fleet.IsLivingAsync("a", Cancel)).ShouldBeTrue();
        _store.Time.Advance(TimeSpan.FromSeconds(29));
        (await _fleet.EnvironmentsAsync(Cancel)).Keys.ShouldBe(["bfcl"]);

        _store.Time.Advance(TimeSpan.FromSeconds(2));
        await Should.ThrowAsync<DbException>(async () => await _fleet.IsLivingAsync("a", Cancel));
        await _store.RestoreAsync();
        (await _fleet.IsLivingAsync("a", Cancel)).ShouldBeTrue();
    }

    [Fact]
    public async Task Many_callers_at_once_share_one_look()
    {
        await _store.RegisterAsync("a", GatewayStore.Describe("bfcl"));
        var seen = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(async () => await _fleet.EnvironmentsAsync(Cancel))));
        seen.Distinct().Count().ShouldBe(1);
    }
}
