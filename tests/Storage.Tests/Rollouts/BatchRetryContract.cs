using SandQueue.Storage.Model;
using SandQueue.Storage.Rollouts;

namespace SandQueue.Storage.Tests.Rollouts;

/// <summary>Rollouts that begin anew have the keys that they came with, or are refused: none is played without one.</summary>
public abstract class BatchRetryContract(StoreFixture store)
{
    private static readonly byte[] Policy = [.. """{"type":"model"}"""u8];

    private readonly string _tenant = Rows.NewCaller();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_retry_of_items_whose_own_keys_were_erased_needs_a_key_again()
    {
        var batch = await CloseAsync(number => number == 0 ? [7] : null, _ => "http://a");
        (await RowsAsync(batch)).Select(row => row.SealedKey).ShouldBe([Batch.ErasedKey, null]);

        (await RetryAsync(null)).ShouldBe((RetryKeys.Erased, 0));
        (await BatchRows.FindAsync(store, batch)).State.ShouldBe(BatchState.Closed, "nothing was begun");
        (await RetryAsync(null, "b-1")).ShouldBe((RetryKeys.Sound, 1), "which came without a key");
        (await RetryAsync(null)).ShouldBe((RetryKeys.Erased, 0), "also while the batch is open again");

        (await RetryAsync([9], "b-0")).ShouldBe((RetryKeys.Sound, 1));
        (await RowsAsync(batch)).Select(row => row.SealedKey).ShouldBe([[9], null]);
        (await BatchRows.FindAsync(store, batch)).SealedKey.ShouldBeNull("the batch's policy came without one");
    }

    [Fact]
    public async Task One_key_is_not_told_to_several_endpoints()
    {
        var batch = await CloseAsync(_ => [7], number => $"http://{number}");
        (await RetryAsync([9])).ShouldBe((RetryKeys.ForManyEndpoints, 0));
        (await RetryAsync([9], "b-1")).ShouldBe((RetryKeys.Sound, 1));
        (await RowsAsync(batch)).Select(row => row.SealedKey).ShouldBe([Batch.ErasedKey, [9]]);
    }

    [Fact]
    public async Task The_key_of_the_batchs_policy_is_for_those_that_have_none_of_their_own()
    {
        var batch = await CloseAsync(number => number == 0 ? [7] : null, number => $"http://{number}", batchKey: [5], hasOwnPolicy: number => number == 0);
        (await BatchRows.FindAsync(store, batch)).SealedKey.ShouldBe(Batch.ErasedKey);
        (await RetryAsync(null, "b-1")).ShouldBe((RetryKeys.Erased, 0));
        (await RetryAsync([9], "b-1")).ShouldBe((RetryKeys.Sound, 1));
        (await BatchRows.FindAsync(store, batch)).SealedKey.ShouldBe([9]);
        (await RowsAsync(batch)).Select(row => row.SealedKey).ShouldBe([Batch.ErasedKey, null]);
    }

    [Fact]
    public async Task A_key_that_nobody_came_with_is_refused_and_where_nothing_begins_anew_none_is_asked_for()
    {
        await CloseAsync(_ => null, _ => "http://a");
        (await RetryAsync([9])).ShouldBe((RetryKeys.NotNeeded, 0));
        (await RetryAsync(null, "b-7")).ShouldBe((RetryKeys.Sound, 0));
        (await RetryAsync([9], "b-7")).ShouldBe((RetryKeys.Sound, 0));
    }

    private async Task<(RetryKeys, int)> RetryAsync(byte[]? key, string? rollout = null)
    {
        var retried = (await store.Get<BatchControl>().RetryAsync(_tenant, "b", new RolloutFilter(), rollout, key, 40, Cancel)).ShouldNotBeNull();
        return (retried.Keys, retried.Rollouts);
    }

    private Task<List<Rollout>> RowsAsync(Batch batch) => store.Get<RolloutListing>().ListAsync(batch.Id, new RolloutFilter(), -1, 10, Cancel);

    /// <summary>Two rollouts that failed.</summary>
    private async Task<Batch> CloseAsync(Func<int, byte[]?> key, Func<int, string> endpoint, byte[]? batchKey = null, Func<int, bool>? hasOwnPolicy = null)
    {
        var batch = BatchRows.New(_tenant, 2);
        (batch.SealedKey, batch.NeedsKey) = (batchKey, true);
        var rollouts = Enumerable.Range(0, 2).Select(number => new Rollout
        {
            Tenant = _tenant, RolloutId = $"b-{number}", Number = number, TaskId = "t", Endpoint = endpoint(number), SealedKey = key(number), Policy = hasOwnPolicy?.Invoke(number) ?? true ? Policy : null,
        });
        (await store.Get<BatchEntry>().AddAsync(batch, rollouts, Cancel)).ShouldBe(BatchEntered.Whole);
        var owner = await BatchRows.WorkerAsync(store);
        while (await BatchRows.ClaimAsync(store, batch, owner) is { } claimed) await BatchRows.EndAsync(store, claimed, BatchRows.Failed);
        return batch;
    }
}
