namespace SandQueue.Dashboard.Overview;

internal sealed record EnvironmentList(IReadOnlyList<ServedEnvironment> Environments);

internal sealed record ServedEnvironment(string EnvType, int Tasks, bool Unlimited, string DataSource, IReadOnlyList<string> Problems);

internal sealed record WorkerList(IReadOnlyList<LivingWorker> Workers);

internal sealed record LivingWorker(string Name, string Host, string Version, bool Draining, int FreeSlots, IReadOnlyList<WorkerRoom> Capacity, DateTimeOffset StartedAt)
{
    public int Living => Capacity.Sum(room => room.LiveInstances);

    /// <summary>The part of its slots that is taken. Environments share a worker's slots, so their rooms do not add up.</summary>
    public double Load => Living + FreeSlots == 0 ? 0 : Living / (double)(Living + FreeSlots);
}

internal sealed record WorkerRoom(string EnvType, int FreeSlots, int LiveInstances);

internal sealed record Activity(
    double Seconds,
    double StepsPerSecond,
    double CreatesPerSecond,
    double? EnvironmentMsP50,
    double? EnvironmentMsP99,
    IReadOnlyList<ActivityBucket> Buckets,
    IReadOnlyList<EndCount> Failures,
    DateTimeOffset? Since,
    int LiveInstances,
    IReadOnlyList<TenantUse> Tenants)
{
    private const int PieceSeconds = 5;

    /// <summary>The pieces that were counted whole: where much is done the newest commands of the farm are younger than a minute, and what is older is not known.</summary>
    public IReadOnlyList<ActivityBucket> Counted =>
        Buckets.Count == 0 ? [] : [.. Buckets.Where(bucket => bucket.At >= Buckets[^1].At.AddSeconds(PieceSeconds - Math.Max(Seconds, 2 * PieceSeconds)))];

    /// <summary>A rate for each of them.</summary>
    public double[] Rates(Func<ActivityBucket, int> count) => [.. Counted.Select(bucket => count(bucket) / (double)PieceSeconds)];
}

internal sealed record ActivityBucket(DateTimeOffset At, int Creates, int Steps, int Evaluations, int Failed);

internal sealed record EndCount(string Kind, string End, string? Cause, int Count, string? Detail, string Tenant, string? InstanceId, long? EpisodeId);

internal sealed record BatchStates(IReadOnlyList<BatchState> Batches);

internal sealed record BatchState(string BatchId, string State, string? PauseReason);

internal sealed record EndedInstances(IReadOnlyList<EndedInstance> Instances);

internal sealed record EndedInstance(string InstanceId, long EpisodeId, string State, DateTimeOffset? EndedAt, string? EndDetail);
