using SandQueue.Contracts;
using SandQueue.Rollouts.Results;

namespace SandQueue.Rollouts.Reports;

/// <summary>What a report takes of one rollout that has its end.</summary>
public sealed record ReportedRollout
{
    /// <summary>Its own id.</summary>
    public required string RolloutId { get; init; }

    /// <summary>Its task; rollouts of one task are a group.</summary>
    public required string TaskId { get; init; }

    /// <summary>Its number in its group, from 0.</summary>
    public int Member { get; init; }

    /// <summary>Its end.</summary>
    public required CommandEnd End { get; init; }

    /// <summary>Who caused an end that was not the episode's own.</summary>
    public RolloutCause? Cause { get; init; }

    /// <summary>Its reward; null where it has none.</summary>
    public double? Reward { get; init; }

    /// <summary>Whether its reward may be used.</summary>
    public bool IsValid { get; init; }

    /// <summary>Whether it may enter a loss.</summary>
    public bool IsTrainable { get; init; }

    /// <summary>How often it was begun, from 1.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>How many steps were taken.</summary>
    public int Steps { get; init; }

    /// <summary>Why the episode ended; null where it did not.</summary>
    public string? EndReason { get; init; }

    /// <summary>Why it has no valid reward, one line for people.</summary>
    public string? Detail { get; init; }

    /// <summary>The category of its task; null where the environment knows none.</summary>
    public string? Category { get; init; }

    /// <summary>The split of its task; null where that is not known.</summary>
    public string? Split { get; init; }

    /// <summary>Tokens that the policy's endpoint read, summed over turns; null where it said nothing.</summary>
    public long? PromptTokens { get; init; }

    /// <summary>Tokens that the policy's endpoint wrote; null where it said nothing.</summary>
    public long? CompletionTokens { get; init; }

    /// <summary>Milliseconds from its begin to its end; null where it never began.</summary>
    public double? DurationMs { get; init; }

    /// <summary>Milliseconds in which the policy decided; null where it never began.</summary>
    public double? PolicyMs { get; init; }

    /// <summary>Milliseconds that its environment took; null where it never began.</summary>
    public double? EnvironmentMs { get; init; }
}
