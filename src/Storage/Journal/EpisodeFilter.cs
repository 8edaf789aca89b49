namespace SandQueue.Storage.Journal;

/// <summary>Which of a tenant's ended episodes are meant. Times are Unix milliseconds, UTC.</summary>
/// <param name="Tenant">Whose they are.</param>
public sealed record EpisodeFilter(string Tenant)
{
    /// <summary>Only those of this environment; null for all.</summary>
    public string? EnvType { get; init; }

    /// <summary>Only those that the rollouts of this batch played, by the batch's own key, and of each its newest attempt; null for all.</summary>
    public long? Batch { get; init; }

    /// <summary>Only those that ended for this reason; null for all.</summary>
    public string? EndReason { get; init; }

    /// <summary>Only those with a reward of at least this; null for all, those without a reward too.</summary>
    public double? MinReward { get; init; }

    /// <summary>Only those with a reward of at most this; null for all, those without a reward too.</summary>
    public double? MaxReward { get; init; }

    /// <summary>Only those that ended at or after this; null for all.</summary>
    public long? After { get; init; }

    /// <summary>Only those that ended before this; null for all.</summary>
    public long? Before { get; init; }
}
