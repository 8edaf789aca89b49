namespace SandQueue.Rollouts.Reports;

/// <summary>What a report says of a batch beside its rollouts.</summary>
public sealed record BatchFacts
{
    /// <summary>Its id.</summary>
    public required string BatchId { get; init; }

    /// <summary>The name its caller gave it.</summary>
    public string? Name { get; init; }

    /// <summary>The environment.</summary>
    public required string EnvType { get; init; }

    /// <summary>The split that its tasks are from; null where it was asked for by tasks or items.</summary>
    public string? Split { get; init; }

    /// <summary>The state as REST names it: running, paused, cancelling, closed.</summary>
    public required string State { get; init; }

    /// <summary>Why it is paused.</summary>
    public string? PauseReason { get; init; }

    /// <summary>How many rollouts it has, with those that have not ended.</summary>
    public required int Items { get; init; }

    /// <summary>Rollouts for each task.</summary>
    public int Repeats { get; init; } = 1;

    /// <summary>The kind of its policy.</summary>
    public required string PolicyType { get; init; }

    /// <summary>The model of its policy; null where that has none.</summary>
    public string? Model { get; init; }

    /// <summary>The version its caller gave the policy.</summary>
    public string? PolicyVersion { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its last rollout had its end; null while it runs.</summary>
    public DateTimeOffset? ClosedAt { get; init; }
}
