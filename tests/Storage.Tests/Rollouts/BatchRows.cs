using SandQueue.Contracts;
using SandQueue.Storage.Fleet;
using SandQueue.Storage.Model;
using SandQueue.Storage.Rollouts;

namespace SandQueue.Storage.Tests.Rollouts;

/// <summary>Batches for tests, kept apart by their tenants.</summary>
internal static class BatchRows
{
    public static RolloutEnd Completed { get; } = new() { End = CommandEnd.Completed, Reward = 1, Valid = true, Trainable = true, Steps = 3, Result = "{}" };

    public static RolloutEnd Failed { get; } = new() { End = CommandEnd.Failed, Cause = 3, Detail = "its container died", Retryable = true };

    public static RolloutEnd Refused { get; } = Failed with { Cause = 4, Detail = "the endpoint answered 401", RefusesEverything = true };

    public static RolloutEnd Cancelled { get; } = new() { End = CommandEnd.Cancelled, Cause = 6, Detail = "cancelled", Retryable = true };

    public static RolloutEnd Expired { get; } = new() { End = CommandEnd.Expired, Cause = 3, Detail = "its time was over", Retryable = true };

    public static Batch New(string tenant, int items, int concurrency = 4, string batchId = "b") => new()
    {
        Tenant = tenant,
        BatchId = batchId,
        EnvType = "countdown",
        Items = items,
        Concurrency = concurrency,
        Repeats = 1,
        Policy = [.. """{"type":"gold"}"""u8],
        Params = [],
        ContentHash = [1],
    };

    public static async Task<Batch> AddAsync(StoreFixture store, Batch batch, Func<int, string?>? endpoint = null)
    {
        var rollouts = Enumerable.Range(0, batch.Items).Select(number => new Rollout
        {
            Tenant = batch.Tenant,
            RolloutId = $"{batch.BatchId}-{number}",
            Number = number,
            TaskId = $"t{number}",
            Endpoint = endpoint?.Invoke(number),
        });
        (await store.Get<BatchEntry>().AddAsync(batch, rollouts, CancellationToken.None)).ShouldBe(BatchEntered.Whole);
        return batch;
    }

    /// <summary>A living worker.</summary>
    public static async Task<string> WorkerAsync(StoreFixture store)
    {
        var name = Guid.NewGuid().ToString("n");
        await store.Get<WorkerDirectory>().RegisterAsync(new Worker { Name = name, Host = "h", Version = "1", Environments = "[]" }, TimeSpan.FromHours(1), CancellationToken.None);
        return name;
    }

    public static async Task<Rollout?> ClaimAsync(StoreFixture store, Batch batch, string owner) =>
        (await store.Get<RolloutLedger>().AdvanceAsync(batch.Id, owner, [new LaneStep(Settled: null, ClaimsNext: true)], 10, CancellationToken.None))[0].Next;

    public static async Task<LaneAnswer> EndAsync(StoreFixture store, Rollout claimed, RolloutEnd? end, bool claimsNext = false) =>
        (await store.Get<RolloutLedger>().AdvanceAsync(claimed.Batch, claimed.Owner!, [new LaneStep(new Settlement(claimed.Id, claimed.Claim, end), claimsNext)], 20, CancellationToken.None))[0];

    public static async Task<Batch> FindAsync(StoreFixture store, Batch batch) =>
        (await store.Get<BatchDirectory>().FindAsync(batch.Tenant, batch.BatchId, CancellationToken.None)).ShouldNotBeNull();
}
