namespace SandQueue.Dashboard.Overview;

internal sealed record EnvironmentList(IReadOnlyList<ServedEnvironment> Environments);

/// <summary>An environment that a living worker serves.</summary>
/// <param name="EnvType">Its name.</param>
/// <param name="Tasks">How many tasks it lists.</param>
/// <param name="Unlimited">Whether more tasks than those can be created.</param>
/// <param name="DataSource">Which data it serves.</param>
/// <param name="Problems">What of its data could not be loaded.</param>
public sealed record ServedEnvironment(string EnvType, int Tasks, bool Unlimited, string DataSource, IReadOnlyList<string> Problems);

internal sealed record WorkerList(IReadOnlyList<LivingWorker> Workers);

/// <summary>A worker that has a lease.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Host">Where it runs.</param>
/// <param name="Version">Which version it is.</param>
/// <param name="Draining">Whether it hands its instances over, and takes no new ones.</param>
/// <param name="FreeSlots">How many more instances it could take.</param>
/// <param name="Capacity">What it has of each environment.</param>
/// <param name="StartedAt">When it started.</param>
public sealed record LivingWorker(string Name, string Host, string Version, bool Draining, int FreeSlots, IReadOnlyList<WorkerRoom> Capacity, DateTimeOffset StartedAt)
{
    /// <summary>The instances that it has.</summary>
    public int Living => Capacity.Sum(room => room.LiveInstances);

    /// <summary>The part of its slots that is taken. Environments share a worker's slots, so their rooms do not add up.</summary>
    public double Load => Living + FreeSlots == 0 ? 0 : Living / (double)(Living + FreeSlots);
}

/// <summary>What a worker has of an environment.</summary>
/// <param name="EnvType">The environment.</param>
/// <param name="FreeSlots">How many more of its instances the worker could take.</param>
/// <param name="LiveInstances">How many it has.</param>
public sealed record WorkerRoom(string EnvType, int FreeSlots, int LiveInstances);

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

/// <summary>Commands that did not complete, of one kind, end and cause.</summary>
/// <param name="Kind">create, step, evaluate or release.</param>
/// <param name="End">rejected, expired, cancelled or failed.</param>
/// <param name="Cause">Who caused it; null where nobody is known to have.</param>
/// <param name="Count">How many.</param>
/// <param name="Detail">Why, of the newest.</param>
/// <param name="Tenant">Whose the newest was.</param>
/// <param name="InstanceId">What the newest was for.</param>
/// <param name="EpisodeId">Its episode; null where it is in none.</param>
public sealed record EndCount(string Kind, string End, string? Cause, int Count, string? Detail, string Tenant, string? InstanceId, long? EpisodeId);

internal sealed record BatchStates(IReadOnlyList<BatchState> Batches);

internal sealed record BatchState(string BatchId, string State, string? PauseReason);

internal sealed record EndedInstances(IReadOnlyList<EndedInstance> Instances);

internal sealed record EndedInstance(string InstanceId, long EpisodeId, string State, DateTimeOffset? EndedAt, string? EndDetail);
