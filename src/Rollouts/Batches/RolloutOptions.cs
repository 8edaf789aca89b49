namespace SandQueue.Rollouts.Batches;

/// <summary>The settings of rollouts, section <c>Rollouts</c>.</summary>
public sealed class RolloutOptions
{
    /// <summary>Rollouts that one process plays at once.</summary>
    public int Concurrent { get; init; } = 64;

    /// <summary>Rollouts that a batch may have.</summary>
    public int MaxItems { get; init; } = 200_000;

    /// <summary>Batches of one tenant that are not closed; 0 is no limit.</summary>
    public int MaxOpenBatches { get; init; } = 1_000;

    /// <summary>The largest body of a request that makes a batch, in bytes.</summary>
    public long MaxBatchBytes { get; init; } = 256 << 20;

    /// <summary>Secrets that one tenant may keep.</summary>
    public int MaxSecrets { get; init; } = 1_000;
}
