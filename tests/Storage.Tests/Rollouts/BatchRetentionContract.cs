using Microsoft.EntityFrameworkCore;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Model;
using SandQueue.Storage.Rollouts;

namespace SandQueue.Storage.Tests.Rollouts;

/// <summary>Batches, their rollouts and turns, and secrets leave as episodes do.</summary>
public abstract class BatchRetentionContract(StoreFixture store)
{
    private static readonly TimeSpan Age = TimeSpan.FromDays(30);

    private readonly string _tenant = Rows.NewCaller();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_batch_that_closed_long_ago_leaves_with_rollouts_and_turns_and_its_name_is_free()
    {
        var (old, recent, open) = (await ClosedAsync("old", 3, await LongAgoAsync(-1_000)), await ClosedAsync("recent", 2, await LongAgoAsync(60_000)), await BatchRows.AddAsync(store, BatchRows.New(_tenant, 2, batchId: "open")));

        (await store.Get<BatchRetention>().RemoveAsync(Age, Cancel)).ShouldBe(1);

        (await CountAsync(old)).ShouldBe((0, 0, 0));
        (await CountAsync(recent)).ShouldBe((1, 2, 2));
        (await CountAsync(open)).ShouldBe((1, 2, 0));
        await BatchRows.AddAsync(store, BatchRows.New(_tenant, 3, batchId: "old"));
        (await store.Get<BatchRetention>().RemoveAsync(Age, Cancel)).ShouldBe(0);
    }

    [Fact]
    public async Task A_batch_of_many_leaves_whole()
    {
        var old = await ClosedAsync("many", 1_200, await LongAgoAsync(-1_000));

        (await store.Get<BatchRetention>().RemoveAsync(Age, Cancel)).ShouldBe(1);

        (await CountAsync(old)).ShouldBe((0, 0, 0));
    }

    [Fact]
    public async Task Secrets_stay_while_they_are_used_or_a_batch_of_their_tenant_is_open()
    {
        var longAgo = await LongAgoAsync(-1_000);
        var other = Rows.NewCaller();
        foreach (var (tenant, name) in ((string, string)[])[(_tenant, "unused"), (_tenant, "used"), (other, "unused")]) await PutAsync(tenant, name, longAgo);
        await PutAsync(_tenant, "new", longAgo + 60_000);
        await BatchRows.AddAsync(store, BatchRows.New(other, 1));
        (await store.Get<SecretDirectory>().UseAsync(_tenant, "used", Cancel)).ShouldNotBeNull();

        await store.Get<BatchRetention>().RemoveAsync(Age, Cancel);

        (await store.Get<SecretDirectory>().ListAsync(_tenant, Cancel)).Select(secret => secret.Name).ShouldBe(["new", "used"]);
        (await store.Get<SecretDirectory>().FindAsync(other, "unused", Cancel)).ShouldNotBeNull();
    }

    private async Task<long> LongAgoAsync(long after) => await store.NowAsync() - (long)Age.TotalMilliseconds + after;

    private Task<bool> PutAsync(string tenant, string name, long at) =>
        store.Get<SecretDirectory>().PutAsync(new Secret { Tenant = tenant, Name = name, Sealed = [1], CreatedAt = at, UpdatedAt = at }, 10, Cancel);

    /// <summary>A batch whose rollouts took a turn each and completed.</summary>
    private async Task<Batch> ClosedAsync(string name, int items, long at)
    {
        var batch = await BatchRows.AddAsync(store, BatchRows.New(_tenant, items, concurrency: items, batchId: name));
        var owner = await BatchRows.WorkerAsync(store);
        var ledger = store.Get<RolloutLedger>();
        var claimed = await ledger.AdvanceAsync(batch.Id, owner, [.. Enumerable.Repeat(new LaneStep(Settled: null, ClaimsNext: true), items)], at, Cancel);
        var rollouts = claimed.Select(answer => answer.Next.ShouldNotBeNull()).ToList();
        await using (var context = await store.Get<IContextSource>().OpenForWritingAsync(Cancel))
        {
            context.RolloutTurns.AddRange(rollouts.Select(rollout => new RolloutTurn { Rollout = rollout.Id, Attempt = 1, Number = 1, Answer = [] }));
            await context.SaveChangesAsync(Cancel);
        }

        await ledger.AdvanceAsync(batch.Id, owner, [.. rollouts.Select(rollout => new LaneStep(new Settlement(rollout.Id, rollout.Claim, BatchRows.Completed), ClaimsNext: false))], at, Cancel);
        (await BatchRows.FindAsync(store, batch)).ClosedAt.ShouldBe(at);
        return batch;
    }

    private async Task<(int Batches, int Rollouts, int Turns)> CountAsync(Batch batch)
    {
        await using var context = await store.Get<IContextSource>().OpenAsync(Cancel);
        return (
            await context.Batches.CountAsync(row => row.Id == batch.Id, Cancel),
            await context.Rollouts.CountAsync(row => row.Batch == batch.Id, Cancel),
            await context.RolloutTurns.CountAsync(turn => context.Rollouts.Any(row => row.Id == turn.Rollout && row.Batch == batch.Id), Cancel));
    }
}
