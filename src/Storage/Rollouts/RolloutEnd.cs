using SandQueue.Contracts;

namespace SandQueue.Storage.Rollouts;

/// <summary>The end of a rollout's attempt, as it is stored.</summary>
public sealed record RolloutEnd
{
    public required CommandEnd End { get; init; }

    public double? Reward { get; init; }

    public bool Valid { get; init; }

    public bool Trainable { get; init; }

    public bool Retryable { get; init; }

    /// <summary>The number of its cause; null where its end was the episode's own.</summary>
    public int? Cause { get; init; }

    public string? EndReason { get; init; }

    public bool Truncated { get; init; }

    public string? Detail { get; init; }

    public int Steps { get; init; }

    /// <summary>What else its result says, a JSON object.</summary>
    public string? Result { get; init; }

    /// <summary>Its endpoint refused what it would refuse every rollout: the rollout waits again, and its batch pauses after a few.</summary>
    public bool RefusesEverything { get; init; }
}
