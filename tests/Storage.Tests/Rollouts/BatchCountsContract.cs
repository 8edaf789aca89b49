using Microsoft.EntityFrameworkCore;
using SandQueue.Contracts;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Model;
using SandQueue.Storage.Rollouts;

namespace SandQueue.Storage.Tests.Rollouts;

/// <summary>A list of batches counts the rollouts of those that are open, and no others.</summary>
public abstract class BatchCountsContract(StoreFixture store)
{
    private readonly string _tenant = Rows.NewCaller();
    private string? _owner;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Closed_batches_have_what_was_counted_when_they_closed()
    {
        var closed = new List<Batch>();
        for (var number = 0; number < 120; number++) closed.Add(await ClosedAsync($"b{number}"));
        var open = await BatchRows.AddAsync(store, BatchRows.New(_tenant, 3, batchId: "open"));

        // Whoever counted them would find nothing.
        await using (var context = await store.Get<IContextSource>().OpenForWritingAsync(Cancel))
        {
            await context.Rollouts.Where(row => row.Tenant == _tenant && row.Batch != open.Id).ExecuteDeleteAsync(Cancel);
        }

        var counts = await store.Get<BatchDirectory>().CountAsync([.. await store.Get<BatchDirectory>().ListAsync(_tenant, before: null, 500, Cancel)], Cancel);

        counts.Count.ShouldBe(121);
        counts[open.Id].ShouldBe([new RolloutCount(End: null, IsRunning: false, Cause: null, IsValid: false, IsTrainable: false, 3, 0)]);
        foreach (var batch in closed)
        {
            counts[batch.Id].OrderBy(count => count.End).ShouldBe([
                new RolloutCount(CommandEnd.Completed, IsRunning: false, Cause: null, IsValid: true, IsTrainable: true, 2, 2),
                new RolloutCount(CommandEnd.Failed, IsRunning: false, Cause: 3, IsValid: false, IsTrainable: false, 1, 0)]);
        }
    }

    [Fact]
    public async Task One_that_begins_anew_is_counted_again()
    {
        var batch = await ClosedAsync("again");
        await store.Get<BatchControl>().RetryAsync(_tenant, "again", new RolloutFilter(), rolloutId: null, sealedKey: null, 30, Cancel);

        var now = await BatchRows.FindAsync(store, batch);
        var counts = (await store.Get<BatchDirectory>().CountAsync([now], Cancel))[now.Id].ToList();

        counts.Single(count => count.End is null).Count.ShouldBe(1);
        counts.Single(count => count.End == CommandEnd.Completed).Count.ShouldBe(2);
    }

    private async Task<Batch> ClosedAsync(string name)
    {
        var batch = await BatchRows.AddAsync(store, BatchRows.New(_tenant, 3, batchId: name));
        var owner = _owner ??= await BatchRows.WorkerAsync(store);
        var claimed = await store.Get<RolloutLedger>().AdvanceAsync(batch.Id, owner, [.. Enumerable.Repeat(new LaneStep(Settled: null, ClaimsNext: true), 3)], 10, Cancel);
        RolloutEnd[] ends = [BatchRows.Completed, BatchRows.Completed, BatchRows.Failed];
        await store.Get<RolloutLedger>().AdvanceAsync(
            batch.Id, owner, [.. claimed.Zip(ends, (answer, end) => new LaneStep(new Settlement(answer.Next!.Id, answer.Next.Claim, end), ClaimsNext: false))], 20, Cancel);
        return batch;
    }
}
