using Microsoft.EntityFrameworkCore;
using SandQueue.Contracts;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Fleet;
using SandQueue.Storage.Model;
using SandQueue.Storage.Rollouts;

namespace SandQueue.Storage.Tests.Rollouts;

/// <summary>Claims and ends: each rollout is one worker's at a time and has one end, and a batch closes where its books balance.</summary>
public abstract class RolloutLedgerContract(StoreFixture store)
{
    private readonly string _tenant = Rows.NewCaller();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_last_end_closes_its_batch_with_its_ends_by_name()
    {
        var batch = await BatchRows.AddAsync(store, BatchRows.New(_tenant, 3));
        var owner = await BatchRows.WorkerAsync(store);
        foreach (var end in (RolloutEnd[])[BatchRows.Completed, BatchRows.Failed, BatchRows.Expired])
        {
            (await BatchRows.FindAsync(store, batch)).ClosedAt.ShouldBeNull();
            await BatchRows.EndAsync(store, (await BatchRows.ClaimAsync(store, batch, owner)).ShouldNotBeNull(), end);
        }

        var closed = await BatchRows.FindAsync(store, batch);
        (closed.State, closed.ClosedAt, closed.Completed, closed.Failed, closed.Expired, closed.Rejected, closed.Cancelled).ShouldBe((BatchState.Closed, 20L, 1, 1, 1, 0, 0));
        closed.IsStateAnnounced.ShouldBeFalse();
    }

    [Fact]
    public async Task Many_lanes_settle_and_claim_in_one_transaction_and_no_more_run_than_may()
    {
        var batch = await BatchRows.AddAsync(store, BatchRows.New(_tenant, 8, concurrency: 3));
        var owner = await BatchRows.WorkerAsync(store);
        var ledger = store.Get<RolloutLedger>();
        var first = await ledger.AdvanceAsync(batch.Id, owner, [.. Enumerable.Repeat(new LaneStep(Settled: null, ClaimsNext: true), 5)], 1, Cancel);
        first.Count(answer => answer.Next is not null).ShouldBe(3);

        var steps = first.Where(answer => answer.Next is not null).Select(answer => new LaneStep(new Settlement(answer.Next!.Id, answer.Next.Claim, BatchRows.Completed), ClaimsNext: true)).ToList();
        var second = await ledger.AdvanceAsync(batch.Id, owner, steps, 2, Cancel);

        second.ShouldAllBe(answer => answer.IsSettled && answer.Next != null);
        second.Select(answer => answer.Next!.Number).ShouldBe([3, 4, 5]);
    }

    [Fact]
    public async Task What_is_not_its_owners_any_more_gets_no_end_from_it()
    {
        var batch = await BatchRows.AddAsync(store, BatchRows.New(_tenant, 1));
        var (dead, other) = (await BatchRows.WorkerAsync(store), await BatchRows.WorkerAsync(store));
        var before = (await BatchRows.ClaimAsync(store, batch, dead)).ShouldNotBeNull();
        await store.Get<WorkerDirectory>().EndLeaseAsync(dead, Cancel);
        await store.Get<BatchSweep>().RunAsync(BatchRows.Expired, 30, Cancel);
        var after = (await BatchRows.ClaimAsync(store, batch, other)).ShouldNotBeNull();
        (after.Id, after.Attempt, after.Claim).ShouldBe((before.Id, before.Attempt, before.Claim + 1), "it goes on where it is");

        (await BatchRows.EndAsync(store, before, BatchRows.Failed)).IsSettled.ShouldBeFalse();
        (await BatchRows.EndAsync(store, after, BatchRows.Completed)).IsSettled.ShouldBeTrue();
        (await BatchRows.EndAsync(store, after, BatchRows.Failed)).IsSettled.ShouldBeFalse("an end is written once");
        (await BatchRows.FindAsync(store, batch)).Completed.ShouldBe(1);
    }

    [Fact]
    public async Task A_turn_is_stored_by_who_has_the_claim_alone()
    {
        var batch = await BatchRows.AddAsync(store, BatchRows.New(_tenant, 1));
        var (dead, other) = (await BatchRows.WorkerAsync(store), await BatchRows.WorkerAsync(store));
        var before = (await BatchRows.ClaimAsync(store, batch, dead)).ShouldNotBeNull();
        var turns = store.Get<RolloutTurns>();
        (await turns.AppendAsync(dead, [(Turn(before, 1), before.Claim)], Cancel)).ShouldBe([true]);
        await store.Get<WorkerDirectory>().EndLeaseAsync(dead, Cancel);
        await store.Get<BatchSweep>().RunAsync(BatchRows.Expired, 30, Cancel);
        var after = (await BatchRows.ClaimAsync(store, batch, other)).ShouldNotBeNull();

        (await turns.AppendAsync(dead, [(Turn(before, 2), before.Claim)], Cancel)).ShouldBe([false]);
        (await turns.AppendAsync(other, [(Turn(after, 2), after.Claim)], Cancel)).ShouldBe([true]);
        (await turns.ReadAsync(after.Id, after.Attempt, 0, 10, 100, Cancel)).Turns.Select(turn => turn.Number).ShouldBe([1, 2]);
    }

    [Fact]
    public async Task Turns_are_read_in_pages_of_so_many_bytes_and_at_least_one()
    {
        var batch = await BatchRows.AddAsync(store, BatchRows.New(_tenant, 1));
        var owner = await BatchRows.WorkerAsync(store);
        var rollout = (await BatchRows.ClaimAsync(store, batch, owner)).ShouldNotBeNull();
        var turns = store.Get<RolloutTurns>();
        foreach (var (number, size) in ((int, int)[])[(1, 40), (2, 40), (4, 500), (5, 10)])
        {
            var turn = Turn(rollout, number);
            turn.Answer = new byte[size];
            if (number == 5) turn.Action = null;
            (await turns.AppendAsync(owner, [(turn, rollout.Claim)], Cancel)).ShouldBe([true]);
        }

        await PageAsync(after: 0, most: 10, hasMore: true, 1, 2);
        await PageAsync(after: 2, most: 10, hasMore: true, 4);
        await PageAsync(after: 4, most: 10, hasMore: false, 5);
        await PageAsync(after: 0, most: 1, hasMore: true, 1);
        await PageAsync(after: 5, most: 10, hasMore: false);

        async Task PageAsync(int after, int most, bool hasMore, params int[] numbers)
        {
            var (page, more) = await turns.ReadAsync(rollout.Id, 1, after, most, 100, Cancel);
            page.Select(turn => turn.Number).ShouldBe(numbers);
            more.ShouldBe(hasMore);
        }
    }

    [Fact]
    public async Task One_endpoint_has_no_more_at_once_than_it_may()
    {
        var batch = BatchRows.New(_tenant, 6, concurrency: 6);
        batch.EndpointConcurrency = 2;
        await BatchRows.AddAsync(store, batch, number => number < 4 ? "http://a" : "http://b");
        var owner = await BatchRows.WorkerAsync(store);

        var answers = await store.Get<RolloutLedger>().AdvanceAsync(batch.Id, owner, [.. Enumerable.Repeat(new LaneStep(Settled: null, ClaimsNext: true), 6)], 1, Cancel);

        answers.Where(answer => answer.Next is not null).Select(answer => answer.Next!.Number).ShouldBe([0, 1, 4, 5], ignoreOrder: true);
    }

    [Fact]
    public async Task An_endpoint_that_refuses_everything_pauses_its_batch_and_nothing_has_failed()
    {
        var batch = await BatchRows.AddAsync(store, BatchRows.New(_tenant, 5));
        var owner = await BatchRows.WorkerAsync(store);
        for (var i = 0; i < 3; i++) await BatchRows.EndAsync(store, (await BatchRows.ClaimAsync(store, batch, owner)).ShouldNotBeNull(), BatchRows.Refused);

        var paused = await BatchRows.FindAsync(store, batch);
        (paused.State, paused.PauseReason).ShouldBe((BatchState.Paused, "the endpoint answered 401"));
        (await BatchRows.ClaimAsync(store, batch, owner)).ShouldBeNull();
        (await store.Get<RolloutListing>().ListAsync(batch.Id, new RolloutFilter(IsEnded: true), -1, 10, Cancel)).ShouldBeEmpty();

        await store.Get<BatchControl>().ResumeAsync(_tenant, "b", Cancel);
        var again = (await BatchRows.ClaimAsync(store, batch, owner)).ShouldNotBeNull();
        (again.Number, again.Attempt).ShouldBe((0, 4), "what began anew has instances of its own");
    }

    [Fact]
    public async Task A_batch_that_is_given_up_closes_once_what_runs_was_stopped()
    {
        var batch = await BatchRows.AddAsync(store, BatchRows.New(_tenant, 5));
        var owner = await BatchRows.WorkerAsync(store);
        var running = (await BatchRows.ClaimAsync(store, batch, owner)).ShouldNotBeNull();
        (await store.Get<BatchControl>().CancelAsync(_tenant, "b", BatchRows.Cancelled, 30, Cancel)).ShouldNotBeNull().State.ShouldBe(BatchState.Cancelling);
        (await store.Get<RolloutListing>().ListClaimedAsync(owner, Cancel)).ShouldBe([new ClaimedRollout(running.Id, batch.Id, running.Claim, IsCancelled: true)]);
        await BatchRows.EndAsync(store, running, BatchRows.Cancelled);

        var closed = await BatchRows.FindAsync(store, batch);
        (closed.State, closed.Cancelled).ShouldBe((BatchState.Closed, 5));
    }

    [Fact]
    public async Task A_batch_whose_time_is_over_ends_what_did_not_begin()
    {
        var batch = BatchRows.New(_tenant, 2);
        batch.DeadlineAt = await store.NowAsync() - 1;
        await BatchRows.AddAsync(store, batch);
        await store.Get<BatchSweep>().RunAsync(BatchRows.Expired, 30, Cancel);
        (await BatchRows.FindAsync(store, batch)).Expired.ShouldBe(2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_had_begun_of_a_batch_whose_time_is_over_is_claimed_once_more_to_be_released_also_while_it_is_paused(bool isPaused)
    {
        var batch = await BatchRows.AddAsync(store, BatchRows.New(_tenant, 3));
        var (dead, other) = (await BatchRows.WorkerAsync(store), await BatchRows.WorkerAsync(store));
        var begun = (await BatchRows.ClaimAsync(store, batch, dead)).ShouldNotBeNull();
        await store.Get<WorkerDirectory>().EndLeaseAsync(dead, Cancel);
        if (isPaused) await store.Get<BatchControl>().PauseAsync(_tenant, "b", "why", Cancel);
        var before = await store.Get<BatchSweep>().RunAsync(BatchRows.Expired, 30, Cancel);
        before.Any(need => need.Batch == batch.Id).ShouldBe(!isPaused);
        await SetDeadlineAsync(batch, await store.NowAsync() - 1);

        var needs = await store.Get<BatchSweep>().RunAsync(BatchRows.Expired, 31, Cancel);

        needs.Single(need => need.Batch == batch.Id).Lanes.ShouldBe(1);
        (await BatchRows.FindAsync(store, batch)).ClosedAt.ShouldBeNull("what has begun was not released");
        var claimed = (await BatchRows.ClaimAsync(store, batch, other)).ShouldNotBeNull();
        (claimed.Id, claimed.IsCancelled).ShouldBe((begun.Id, false));
        await BatchRows.EndAsync(store, claimed, BatchRows.Expired);
        (await BatchRows.FindAsync(store, batch)).Expired.ShouldBe(3);
    }

    [Fact]
    public async Task No_lane_is_asked_for_while_an_endpoint_takes_no_more()
    {
        var batch = BatchRows.New(_tenant, 8, concurrency: 8);
        batch.EndpointConcurrency = 2;
        await BatchRows.AddAsync(store, batch, number => number < 6 ? "http://a" : "http://b");
        var owner = await BatchRows.WorkerAsync(store);
        (await LanesAsync()).ShouldBe(4, "two at each");
        var ledger = store.Get<RolloutLedger>();
        var first = await ledger.AdvanceAsync(batch.Id, owner, [.. Enumerable.Repeat(new LaneStep(Settled: null, ClaimsNext: true), 3)], 1, Cancel);
        (await LanesAsync()).ShouldBe(1, "b has one more");
        await ledger.AdvanceAsync(batch.Id, owner, [new LaneStep(Settled: null, ClaimsNext: true)], 1, Cancel);
        (await LanesAsync()).ShouldBe(0);

        var ended = first.First(answer => answer.Next is { Endpoint: "http://a" }).Next!;
        await BatchRows.EndAsync(store, ended, BatchRows.Completed);
        (await LanesAsync()).ShouldBe(1);

        async Task<int> LanesAsync() => (await store.Get<BatchSweep>().ListNeedsAsync(Cancel)).SingleOrDefault(need => need.Batch == batch.Id)?.Lanes ?? 0;
    }

    [Fact]
    public async Task What_did_not_complete_begins_anew_and_the_batch_opens_again()
    {
        var batch = await BatchRows.AddAsync(store, BatchRows.New(_tenant, 2));
        var owner = await BatchRows.WorkerAsync(store);
        await BatchRows.EndAsync(store, (await BatchRows.ClaimAsync(store, batch, owner))!, BatchRows.Failed);
        await BatchRows.EndAsync(store, (await BatchRows.ClaimAsync(store, batch, owner))!, BatchRows.Completed);
        (await BatchRows.FindAsync(store, batch)).State.ShouldBe(BatchState.Closed);

        var retried = await store.Get<BatchControl>().RetryAsync(_tenant, "b", new RolloutFilter(), null, null, 40, Cancel);

        retried.ShouldNotBeNull().Rollouts.ShouldBe(1);
        var open = await BatchRows.FindAsync(store, batch);
        (open.State, open.ClosedAt, open.Completed).ShouldBe((BatchState.Running, null, 0));
        var again = (await BatchRows.ClaimAsync(store, batch, owner)).ShouldNotBeNull();
        (again.Number, again.Attempt).ShouldBe((0, 2));
        again.EarlierAttempts.ShouldNotBeNull().ShouldContain("its container died");
        await BatchRows.EndAsync(store, again, BatchRows.Completed);
        (await BatchRows.FindAsync(store, batch)).Completed.ShouldBe(2);
    }

    [Fact]
    public async Task A_name_is_taken_once_and_what_was_refused_left_nothing()
    {
        await BatchRows.AddAsync(store, BatchRows.New(_tenant, 1));
        var again = BatchRows.New(_tenant, 1);
        (await store.Get<BatchEntry>().AddAsync(again, [new Rollout { Tenant = _tenant, RolloutId = "x", TaskId = "t" }], Cancel)).ShouldBe(BatchEntered.NameIsTaken);
        (await store.Get<RolloutListing>().FindAsync(_tenant, "x", Cancel)).ShouldBeNull();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task The_books_balance_whatever_happens(int seed)
    {
        var random = new Random(seed);
        var batch = await BatchRows.AddAsync(store, BatchRows.New(_tenant, 12, concurrency: 4));
        var owners = new List<string> { await BatchRows.WorkerAsync(store), await BatchRows.WorkerAsync(store) };
        var (claims, accepted) = (new List<Rollout>(), new HashSet<(long, int)>());
        var control = store.Get<BatchControl>();
        for (var move = 0; move < 150; move++)
        {
            switch (random.Next(12))
            {
                case < 4 when await BatchRows.ClaimAsync(store, batch, owners[random.Next(owners.Count)]) is { } claimed:
                    claims.Add(claimed);
                    break;
                case < 9 when claims.Count > 0:
                    var settled = claims[random.Next(claims.Count)];
                    RolloutEnd?[] ends = [BatchRows.Completed, BatchRows.Completed, BatchRows.Failed, BatchRows.Refused, null];
                    var end = ends[random.Next(ends.Length)];
                    var isSettled = (await BatchRows.EndAsync(store, settled, end)).IsSettled;
                    if (isSettled && end is { RefusesEverything: false }) accepted.Add((settled.Id, settled.Attempt)).ShouldBeTrue("no attempt ends twice");
                    break;
                case 9:
                    var dead = random.Next(owners.Count);
                    await store.Get<WorkerDirectory>().EndLeaseAsync(owners[dead], Cancel);
                    owners[dead] = await BatchRows.WorkerAsync(store);
                    await store.Get<BatchSweep>().RunAsync(BatchRows.Expired, move, Cancel);
                    break;
                case 10:
                    if (random.Next(2) == 0) await control.PauseAsync(_tenant, "b", "why", Cancel);
                    else await control.ResumeAsync(_tenant, "b", Cancel);
                    break;
                default:
                    if (random.Next(6) == 0) await control.CancelAsync(_tenant, "b", BatchRows.Cancelled, move, Cancel);
                    else await control.RetryAsync(_tenant, "b", new RolloutFilter(), null, null, move, Cancel);
                    break;
            }

            var now = await BatchRows.FindAsync(store, batch);
            var counts = (await store.Get<BatchDirectory>().CountAsync([batch], Cancel))[batch.Id].ToList();
            counts.Sum(count => count.Count).ShouldBe(12);
            counts.Where(count => count.IsRunning && count.End is null).Sum(count => count.Count).ShouldBeLessThanOrEqualTo(4);
            (now.ClosedAt is not null).ShouldBe(now.State == BatchState.Closed);
            if (now.ClosedAt is not null) (now.Completed + now.Failed + now.Cancelled + now.Expired + now.Rejected).ShouldBe(12);
        }

        await FinishAsync(batch, owners[0], claims);
    }

    private async Task FinishAsync(Batch batch, string owner, List<Rollout> claims)
    {
        await store.Get<BatchControl>().ResumeAsync(_tenant, "b", Cancel);
        foreach (var claimed in claims) await BatchRows.EndAsync(store, claimed, BatchRows.Completed);
        while (await BatchRows.ClaimAsync(store, batch, owner) is { } next) await BatchRows.EndAsync(store, next, BatchRows.Completed);
        await store.Get<BatchSweep>().RunAsync(BatchRows.Expired, 1000, Cancel);
        var closed = await BatchRows.FindAsync(store, batch);
        closed.State.ShouldBe(BatchState.Closed);
        (closed.Completed + closed.Failed + closed.Cancelled).ShouldBe(12);
        var rows = await store.Get<RolloutListing>().ListAsync(batch.Id, new RolloutFilter(), -1, 100, Cancel);
        rows.ShouldAllBe(row => row.End != null && row.Owner == null);
        rows.Count(row => row.End == CommandEnd.Completed).ShouldBe(closed.Completed);
    }

    private async Task SetDeadlineAsync(Batch batch, long deadline)
    {
        await using var context = await store.Get<IContextSource>().OpenForWritingAsync(Cancel);
        await context.Batches.Where(row => row.Id == batch.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.DeadlineAt, deadline), Cancel);
    }

    private static RolloutTurn Turn(Rollout rollout, int number) => new() { Rollout = rollout.Id, Attempt = rollout.Attempt, Number = number, Action = [1], Answer = [] };
}
