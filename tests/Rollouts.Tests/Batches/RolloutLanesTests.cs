using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using SandQueue.Contracts;
using SandQueue.Rollouts.Batches;
using SandQueue.Rollouts.Results;
using SandQueue.Storage.Fleet;
using SandQueue.Storage.Model;
using SandQueue.Storage.Rollouts;
using SandQueue.Testing;
using SandQueue.Transport.Fakes;
using SandQueue.Transport.Sending;

namespace SandQueue.Rollouts.Tests.Batches;

public sealed class RolloutLanesTests : IAsyncLifetime
{
    /// <summary>One for each test: lanes that find no more in their batch go on with another's, which must not be another test's.</summary>
    private readonly RolloutStore _store = new();

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _store.InitializeAsync();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task A_lane_plays_its_batch_to_the_end_and_the_batch_closes()
    {
        var player = new FakePlayer();
        var process = await _store.StartAsync(player);
        var batch = await _store.AddAsync(items: 20);

        await process.GetRequiredService<RolloutLanes>().TakeAsync(batch.Id);

        await ClosedAsync(batch);

        // A lane that finds no more in its batch goes on with another's, which may be that of another test.
        player.Played.Select(played => played.Rollout).Where(id => id.StartsWith(batch.BatchId, StringComparison.Ordinal)).ShouldBe((await _store.ListAsync(batch)).Select(row => row.RolloutId), ignoreOrder: true);
        (await _store.ListAsync(batch)).ShouldAllBe(row => row.End == CommandEnd.Completed && row.Reward == 1 && row.Steps == 2 && row.Trainable);
    }

    [Fact]
    public async Task No_more_run_than_the_batch_lets_however_many_lanes_there_are()
    {
        var player = new FakePlayer();
        var process = await _store.StartAsync(player, concurrent: 16);
        var batch = await _store.AddAsync(items: 40, concurrency: 3);
        var lanes = process.GetRequiredService<RolloutLanes>();

        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => lanes.TakeAsync(batch.Id)));

        await ClosedAsync(batch);
        player.MostAtOnce.ShouldBeLessThanOrEqualTo(3);
        player.Played.Count.ShouldBe(40);
    }

    [Fact]
    public async Task What_a_dead_worker_had_goes_on_elsewhere_with_the_turns_that_it_recorded()
    {
        var (dead, other) = (new FakePlayer { End = FakePlayer.HangAsync }, new FakePlayer());
        var (first, second) = (await _store.StartAsync(dead), await _store.StartAsync(other));
        var batch = await _store.AddAsync(items: 1);
        await first.GetRequiredService<RolloutLanes>().TakeAsync(batch.Id);
        await Until.TrueAsync("it is played", () => Task.FromResult(first.GetRequiredService<RolloutLanes>().Running.Count == 1 && dead.Played.Count == 1), Limit);
        await Until.TrueAsync("its turn is stored", async () => (await _store.Get<RolloutTurns>().ReadAsync((await _store.ListAsync(batch))[0].Id, 1, 0, 9, 1000, Cancel)).Turns.Count == 1, Limit);

        await first.GetRequiredService<WorkerDirectory>().EndLeaseAsync(first.GetRequiredService<ILaneOwner>().Name, Cancel);
        await second.GetRequiredService<BatchDispatcher>().SweepAsync(Cancel);
        await second.GetRequiredService<RolloutLanes>().TakeAsync(batch.Id);

        await ClosedAsync(batch);
        other.Played.ShouldBe([((await _store.ListAsync(batch))[0].RolloutId, 1, 1)], "the same attempt, with one turn behind it");
        await first.GetRequiredService<ClaimWatch>().LookAsync(Cancel);
        await Until.TrueAsync("the worker that lost it stops", () => Task.FromResult(first.GetRequiredService<RolloutLanes>().Running.Count == 0), Limit);
        (await _store.FindAsync(batch)).Completed.ShouldBe(1);
    }

    [Fact]
    public async Task A_batch_that_is_given_up_stops_what_runs()
    {
        var player = new FakePlayer { End = FakePlayer.HangAsync };
        var process = await _store.StartAsync(player);
        var batch = await _store.AddAsync(items: 3, concurrency: 1);
        await process.GetRequiredService<RolloutLanes>().TakeAsync(batch.Id);
        await Until.TrueAsync("it is played", () => Task.FromResult(player.Played.Count == 1), Limit);

        await _store.Get<BatchControl>().CancelAsync("a", batch.BatchId, BatchEnds.Cancelled, 1, Cancel);
        await process.GetRequiredService<ClaimWatch>().LookAsync(Cancel);

        await ClosedAsync(batch);
        (await _store.FindAsync(batch)).Cancelled.ShouldBe(3);
    }

    [Fact]
    public async Task A_process_that_ends_gives_its_rollouts_back_as_they_are()
    {
        var process = await _store.StartAsync(new FakePlayer { End = FakePlayer.HangAsync });
        var batch = await _store.AddAsync(items: 1);
        await process.GetRequiredService<RolloutLanes>().TakeAsync(batch.Id);

        await process.GetRequiredService<RolloutLanes>().StopAsync(Cancel);

        var row = (await _store.ListAsync(batch))[0];
        (row.Owner, row.End, row.Attempt).ShouldBe((null, null, 1));
        (await _store.Get<BatchSweep>().ListNeedsAsync(Cancel)).ShouldContain(new LaneNeed(batch.Id, 1, 0));
        await (await _store.StartAsync(new FakePlayer())).GetRequiredService<RolloutLanes>().TakeAsync(batch.Id);
        await ClosedAsync(batch);
    }

    [Fact]
    public async Task An_endpoint_that_refuses_everything_pauses_its_batch_and_a_defect_fails_its_rollout_alone()
    {
        var player = new FakePlayer { End = (_, _) => Task.FromResult(new RolloutResult { End = CommandEnd.Failed, Cause = RolloutCause.Policy, Detail = "401", RefusesEverything = true }) };
        var process = await _store.StartAsync(player);
        var batch = await _store.AddAsync(items: 100, concurrency: 1);
        await process.GetRequiredService<RolloutLanes>().TakeAsync(batch.Id);
        await Until.TrueAsync("it pauses", async () => (await _store.FindAsync(batch)).State == BatchState.Paused, Limit);
        player.Played.Count.ShouldBe(3);
        (await _store.ListAsync(batch)).ShouldAllBe(row => row.End == null);

        player.End = (rollout, _) => rollout.TaskId == "t5" ? throw new InvalidOperationException("a defect") : Task.FromResult(FakePlayer.Good);
        await _store.Get<BatchControl>().ResumeAsync("a", batch.BatchId, Cancel);
        await process.GetRequiredService<RolloutLanes>().TakeAsync(batch.Id);
        await process.GetRequiredService<RolloutLanes>().TakeAsync(batch.Id);
        await ClosedAsync(batch, process);
        var closed = await _store.FindAsync(batch);
        (closed.Completed, closed.Failed).ShouldBe((99, 1));
    }

    [Fact]
    public async Task The_dispatcher_asks_for_the_lanes_that_are_missing_and_no_more()
    {
        var process = await _store.StartAsync(new FakePlayer());
        var batch = await _store.AddAsync(items: 10, concurrency: 3);
        await process.GetRequiredService<BatchDispatcher>().SweepAsync(Cancel);
        var sender = (FakeMessageSender)process.GetRequiredService<IMessageSender>();
        var asked = new List<long>();
        while (sender.HasMore) asked.Add(((PlayRollouts)(await sender.NextAsync()).Message).Batch);
        asked.Count(key => key == batch.Id).ShouldBe(3);
    }

    [Fact]
    public async Task The_comparison_with_the_claims_goes_on_after_a_defect()
    {
        var player = new FakePlayer { End = FakePlayer.HangAsync };
        var process = await _store.StartAsync(player);
        var batch = await _store.AddAsync(items: 1);
        await process.GetRequiredService<RolloutLanes>().TakeAsync(batch.Id);
        await Until.TrueAsync("it is played", () => Task.FromResult(player.Played.Count == 1), Limit);
        var owner = new DefectiveOwner(process.GetRequiredService<ILaneOwner>());
        using var watch = new ClaimWatch(
            process.GetRequiredService<RolloutListing>(), process.GetRequiredService<RolloutLanes>(), process.GetRequiredService<LedgerCalls>(), owner, TimeProvider.System, NullLogger<ClaimWatch>.Instance);
        await watch.StartAsync(Cancel);
        await Until.TrueAsync("the defect was met", () => Task.FromResult(owner.Asked > 0), Limit);

        await _store.Get<BatchControl>().CancelAsync("a", batch.BatchId, BatchEnds.Cancelled, 1, Cancel);

        await ClosedAsync(batch);
        owner.Asked.ShouldBeGreaterThan(1);
        await watch.StopAsync(Cancel);
    }

    /// <summary>Fails the first time.</summary>
    private sealed class DefectiveOwner(ILaneOwner owner) : ILaneOwner
    {
        public int Asked { get; private set; }

        public string Name => Asked++ == 0 ? throw new InvalidOperationException("a defect") : owner.Name;
    }

    private async Task ClosedAsync(Batch batch, ServiceProvider? process = null) => await Until.TrueAsync(
        "the batch closes",
        async () =>
        {
            // A lane that has had its turn asks for itself anew: here nobody else brings that.
            if (process is not null) await process.GetRequiredService<RolloutLanes>().TakeAsync(batch.Id);
            return (await _store.FindAsync(batch)).State == BatchState.Closed;
        },
        Limit);
}
