using SandQueue.Contracts;
using SandQueue.Rollouts.Results;
using SandQueue.Storage.Rollouts;

namespace SandQueue.Rollouts.Batches;

/// <summary>Ends that rollouts get without having been played to one.</summary>
public static class BatchEnds
{
    /// <summary>Its caller gave it up before it began.</summary>
    public static RolloutEnd Cancelled { get; } = new() { End = CommandEnd.Cancelled, Cause = (int)RolloutCause.Cancelled, Detail = "it was cancelled before it began", Retryable = true };

    /// <summary>Its batch's time was over before there was room for it.</summary>
    public static RolloutEnd Expired { get; } = new()
    {
        End = CommandEnd.Expired, Cause = (int)RolloutCause.Infrastructure, Detail = "the deadline was over before it began: no worker had room for it", Retryable = true,
    };

    /// <summary>What it met is nobody's doing but ours.</summary>
    public static RolloutEnd Failed(string detail, bool isRetryable = true) =>
        new() { End = CommandEnd.Failed, Cause = (int)RolloutCause.Infrastructure, Detail = OneLine.Of(detail), Retryable = isRetryable };

    /// <summary>Its policy's key cannot be had.</summary>
    public static RolloutEnd WithoutKey(string detail) =>
        new() { End = CommandEnd.Failed, Cause = (int)RolloutCause.Policy, Detail = detail, Retryable = true, RefusesEverything = true };
}
