using SandQueue.Contracts;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Tests;

/// <summary>Rows for tests. Tests of one database are kept apart by their callers.</summary>
internal static class Rows
{
    public static string NewCaller() => Guid.NewGuid().ToString("n");

    public static Instance NewInstance(string tenant, string instanceId = "i", string? owner = "worker-a", long lastUsedAt = 0) => new()
    {
        Tenant = tenant,
        InstanceId = instanceId,
        EnvType = "countdown",
        TaskId = "t",
        Params = [],
        State = InstanceState.Live,
        Owner = owner,
        Epoch = 1,
        LastUsedAt = lastUsedAt,
    };

    /// <summary>The row of a new living instance.</summary>
    public static Task<Instance> ClaimAsync(StoreFixture store, string? tenant = null, string instanceId = "i") =>
        ClaimAsync(store, NewInstance(tenant ?? NewCaller(), instanceId));

    /// <inheritdoc cref="ClaimAsync(StoreFixture, string?, string)"/>
    public static async Task<Instance> ClaimAsync(StoreFixture store, Instance row)
    {
        (await store.Get<InstanceDirectory>().ClaimAsync(row, CancellationToken.None)).ShouldBeNull();
        return row;
    }

    public static JournalEntry Entry(Instance row, JournalKind kind, int? step, string? commandId = null) => new()
    {
        Tenant = row.Tenant,
        CommandId = commandId ?? Guid.NewGuid().ToString("n"),
        EpisodeId = row.EpisodeId,
        Kind = kind,
        Step = step,
        End = CommandEnd.Completed,
        Epoch = row.Epoch,
        Worker = row.Owner,
    };

    /// <summary>A step that moves the instance on from <paramref name="step"/> to the one after.</summary>
    public static JournalAppend Step(Instance row, int step, string? commandId = null) =>
        new(Entry(row, JournalKind.Step, step, commandId), Unmoved(row, step) with { NextStep = step + 1 });

    public static JournalAppend Evaluation(Instance row, int nextStep) => new(Entry(row, JournalKind.Evaluate, null), Unmoved(row, nextStep));

    public static JournalAppend Release(Instance row, int nextStep) =>
        new(Entry(row, JournalKind.Release, null), Unmoved(row, nextStep) with { State = InstanceState.Released, EndedAt = 77, EndDetail = "was released" });

    /// <summary>The row of a command that never reached an instance.</summary>
    public static JournalAppend Alone(string tenant, string? commandId = null) =>
        new(new JournalEntry { Tenant = tenant, CommandId = commandId ?? Guid.NewGuid().ToString("n"), Kind = JournalKind.Step, End = CommandEnd.Expired }, null);

    public static InstanceProgress Unmoved(Instance row, int nextStep) => new()
    {
        EpisodeId = row.EpisodeId,
        Epoch = row.Epoch,
        FromStep = nextStep,
        NextStep = nextStep,
        State = InstanceState.Live,
        LastUsedAt = 5,
    };
}
