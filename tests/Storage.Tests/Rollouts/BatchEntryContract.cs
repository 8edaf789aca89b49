using Microsoft.EntityFrameworkCore;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Model;
using SandQueue.Storage.Rollouts;

namespace SandQueue.Storage.Tests.Rollouts;

/// <summary>A large batch is entered in pieces, and is there whole or not at all.</summary>
public abstract class BatchEntryContract(StoreFixture store)
{
    private const int Many = 1_700;

    private readonly string _tenant = Rows.NewCaller();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(500)]
    [InlineData(501)]
    [InlineData(1_000)]
    [InlineData(Many)]
    public async Task It_is_there_whole(int items)
    {
        var batch = BatchRows.New(_tenant, items);
        (await store.Get<BatchEntry>().AddAsync(batch, Rollouts(items), Cancel)).ShouldBe(BatchEntered.Whole);
        (await CountAsync(batch.Id)).ShouldBe((1, items));
        (await BatchRows.FindAsync(store, batch)).EnteringAt.ShouldBeNull();
        (await BatchRows.ClaimAsync(store, batch, await BatchRows.WorkerAsync(store))).ShouldNotBeNull();
    }

    [Fact]
    public async Task Until_it_is_whole_nobody_finds_it_and_nothing_of_it_runs()
    {
        var (batch, owner) = (BatchRows.New(_tenant, Many), await BatchRows.WorkerAsync(store));
        var looks = 0;
        var entry = store.Get<BatchEntry>().AddAsync(batch, Rollouts(Many, async number =>
        {
            if (number != 1_200) return;
            looks++;
            var key = await KeyAsync();
            (await store.Get<BatchDirectory>().FindAsync(_tenant, "b", Cancel)).ShouldBeNull();
            (await store.Get<BatchDirectory>().ListAsync(_tenant, null, 10, Cancel)).ShouldBeEmpty();
            (await store.Get<RolloutListing>().FindAsync(_tenant, "b-0", Cancel)).ShouldBeNull();
            (await store.Get<BatchSweep>().RunAsync(BatchRows.Expired, 1, Cancel)).ShouldNotContain(need => need.Batch == key);
            (await store.Get<RolloutLedger>().AdvanceAsync(key, owner, [new LaneStep(Settled: null, ClaimsNext: true)], 1, Cancel))[0].Next.ShouldBeNull();
            (await store.Get<BatchControl>().CancelAsync(_tenant, "b", BatchRows.Cancelled, 1, Cancel)).ShouldBeNull();
            (await store.Get<BatchControl>().CancelRolloutAsync(_tenant, "b-0", BatchRows.Cancelled, 1, Cancel)).ShouldBeFalse();
            (await store.Get<BatchEntry>().AddAsync(BatchRows.New(_tenant, 1), Rollouts(1), Cancel)).ShouldBe(BatchEntered.NameIsEntering);
            (await CountAsync(key)).Rollouts.ShouldBeGreaterThanOrEqualTo(500);
        }), Cancel);
        (await entry).ShouldBe(BatchEntered.Whole);
        looks.ShouldBe(1);
        (await CountAsync(batch.Id)).ShouldBe((1, Many));
    }

    [Fact]
    public async Task What_fails_in_the_middle_leaves_nothing()
    {
        var batch = BatchRows.New(_tenant, Many);
        await Should.ThrowAsync<IOException>(() => store.Get<BatchEntry>().AddAsync(batch, Rollouts(Many, number => number == 1_600 ? throw new IOException("the caller is gone") : Task.CompletedTask), Cancel));
        (await CountAsync(batch.Id)).ShouldBe((0, 0));
        (await store.Get<BatchEntry>().AddAsync(BatchRows.New(_tenant, 1), Rollouts(1), Cancel)).ShouldBe(BatchEntered.Whole, "the name is free");
    }

    [Fact]
    public async Task A_name_that_a_later_rollout_finds_taken_leaves_nothing()
    {
        await BatchRows.AddAsync(store, BatchRows.New(_tenant, 1, batchId: "b-1650"));
        await store.Get<BatchEntry>().AddAsync(BatchRows.New(_tenant, 1, batchId: "other"), [new Rollout { Tenant = _tenant, RolloutId = "b-1650", TaskId = "t" }], Cancel);
        var batch = BatchRows.New(_tenant, Many);
        (await store.Get<BatchEntry>().AddAsync(batch, Rollouts(Many), Cancel)).ShouldBe(BatchEntered.NameIsTaken);
        (await CountAsync(batch.Id)).ShouldBe((0, 0));
    }

    [Fact]
    public async Task What_a_process_that_died_has_left_is_removed_by_the_sweep_and_what_is_being_stored_is_not()
    {
        var (left, stored) = (await BatchRows.AddAsync(store, BatchRows.New(_tenant, 700)), await BatchRows.AddAsync(store, BatchRows.New(_tenant, 3, batchId: "stored")));
        await SetEnteringAsync(left.Id, await store.NowAsync() - 121_000);
        await SetEnteringAsync(stored.Id, await store.NowAsync() - 60_000);
        await store.Get<BatchSweep>().RunAsync(BatchRows.Expired, 1, Cancel);
        (await CountAsync(left.Id)).ShouldBe((0, 0));
        (await CountAsync(stored.Id)).ShouldBe((1, 3));
    }

    /// <param name="items">How many.</param>
    /// <param name="before">Happens before one is given away.</param>
    private IEnumerable<Rollout> Rollouts(int items, Func<int, Task>? before = null)
    {
        for (var number = 0; number < items; number++)
        {
            before?.Invoke(number).GetAwaiter().GetResult();
            yield return new Rollout { Tenant = _tenant, RolloutId = $"b-{number}", Number = number, TaskId = $"t{number}" };
        }
    }

    private async Task<long> KeyAsync()
    {
        await using var context = await store.Get<IContextSource>().OpenAsync(Cancel);
        return await context.Batches.Where(row => row.Tenant == _tenant && row.BatchId == "b").Select(row => row.Id).SingleAsync(Cancel);
    }

    private async Task<(int Batches, int Rollouts)> CountAsync(long batch)
    {
        await using var context = await store.Get<IContextSource>().OpenAsync(Cancel);
        return (await context.Batches.CountAsync(row => row.Id == batch, Cancel), await context.Rollouts.CountAsync(row => row.Batch == batch, Cancel));
    }

    private async Task SetEnteringAsync(long batch, long at)
    {
        await using var context = await store.Get<IContextSource>().OpenForWritingAsync(Cancel);
        await context.Batches.Where(row => row.Id == batch).ExecuteUpdateAsync(set => set.SetProperty(row => row.EnteringAt, at), Cancel);
    }
}
