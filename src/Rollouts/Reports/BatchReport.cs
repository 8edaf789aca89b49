using SandQueue.Rollouts.Statistics;

namespace SandQueue.Rollouts.Reports;

/// <summary>What became of a batch. Its JSON has these names in snake_case; an interval is <c>[low, high]</c>.</summary>
public sealed record BatchReport
{
    /// <summary>The batch.</summary>
    public required BatchFacts Batch { get; init; }

    /// <summary>Whether every rollout has its end. A report of a batch that still runs is of those that have ended.</summary>
    public required bool IsFinal { get; init; }

    /// <summary>What a reader must know before the numbers, a sentence each.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>How many of how many.</summary>
    public required Coverage Coverage { get; init; }

    /// <summary>The mean of the valid rewards, clustered by task; null where there are none.</summary>
    public Estimate? Reward { get; init; }

    /// <summary>From which reward on a rollout is a success.</summary>
    public required double SuccessThreshold { get; init; }

    /// <summary>pass@k and pass^k over valid rollouts.</summary>
    public required IReadOnlyList<PassRate> Pass { get; init; }

    /// <summary>By category; empty where none is known.</summary>
    public required IReadOnlyList<Part> Categories { get; init; }

    /// <summary>By split; empty where none is known.</summary>
    public required IReadOnlyList<Part> Splits { get; init; }

    /// <summary>The valid rewards.</summary>
    public Distribution? Rewards { get; init; }

    /// <summary>Why episodes ended, of valid rollouts.</summary>
    public required IReadOnlyDictionary<string, int> EndReasons { get; init; }

    /// <summary>Steps of valid rollouts.</summary>
    public Distribution? Steps { get; init; }

    /// <summary>Tokens that the endpoint read for a rollout.</summary>
    public Distribution? PromptTokens { get; init; }

    /// <summary>Tokens that the endpoint wrote for a rollout.</summary>
    public Distribution? CompletionTokens { get; init; }

    /// <summary>Milliseconds from begin to end, of valid rollouts.</summary>
    public Distribution? DurationMs { get; init; }

    /// <summary>Milliseconds of the policy.</summary>
    public Distribution? PolicyMs { get; init; }

    /// <summary>Milliseconds of the environment.</summary>
    public Distribution? EnvironmentMs { get; init; }

    /// <summary>With and without those begun more than once.</summary>
    public required Retried Retried { get; init; }

    /// <summary>The groups.</summary>
    public required Groups Groups { get; init; }
}
