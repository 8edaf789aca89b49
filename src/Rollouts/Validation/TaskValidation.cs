namespace SandQueue.Rollouts.Validation;

/// <summary>What the validation of one task found.</summary>
public sealed record TaskValidation
{
    /// <summary>The task.</summary>
    public required string TaskId { get; init; }

    /// <summary>The score of its solution; null where there was none.</summary>
    public double? Gold { get; init; }

    /// <summary>The score that the environment says its solution reaches; null where it said none.</summary>
    public double? Maximum { get; init; }

    /// <summary>The score without any step; null where there was none.</summary>
    public double? Nothing { get; init; }

    /// <summary>The score of random actions; null where there was none.</summary>
    public double? Noise { get; init; }

    /// <summary>Whether the solution played again gave the same bytes; null where it was not played twice.</summary>
    public bool? RepeatEqual { get; init; }

    /// <summary>The checks that failed, of <see cref="ValidationChecks"/>; none where the task is sound.</summary>
    public IReadOnlyList<string> Failed { get; init; } = [];

    /// <summary>What was seen that need not be a fault: <see cref="ValidationChecks.Noise"/> where random actions scored like the solution, which in small worlds happens.</summary>
    public IReadOnlyList<string> Noted { get; init; } = [];

    /// <summary>One line for people on what failed first; null where nothing did.</summary>
    public string? Detail { get; init; }
}
