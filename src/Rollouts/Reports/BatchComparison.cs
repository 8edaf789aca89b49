using SandQueue.Rollouts.Statistics;

namespace SandQueue.Rollouts.Reports;

/// <summary>Two batches, task by task.</summary>
public sealed record BatchComparison
{
    /// <summary>The first.</summary>
    public required BatchReport First { get; init; }

    /// <summary>The second.</summary>
    public required BatchReport Second { get; init; }

    /// <summary>What a reader must know before the numbers.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Tasks with a valid reward in both: those that are compared.</summary>
    public required int TasksPaired { get; init; }

    /// <summary>Tasks with a valid reward in the first only.</summary>
    public required int TasksInFirstOnly { get; init; }

    /// <summary>Tasks with a valid reward in the second only.</summary>
    public required int TasksInSecondOnly { get; init; }

    /// <summary>Second minus first: the mean over tasks of the difference of their means; null where no task is in both.</summary>
    public Estimate? Difference { get; init; }

    /// <summary>The same by category; empty where none is known.</summary>
    public required IReadOnlyList<PartDifference> Categories { get; init; }

    /// <summary>The same by split; empty where none is known.</summary>
    public required IReadOnlyList<PartDifference> Splits { get; init; }

    /// <summary>Tasks that more than half of the valid rollouts of the second solve, and not of the first.</summary>
    public required int Gained { get; init; }

    /// <summary>Tasks that more than half of the valid rollouts of the first solve, and not of the second.</summary>
    public required int Lost { get; init; }

    /// <summary>Tasks that both solve.</summary>
    public required int SolvedByBoth { get; init; }

    /// <summary>Tasks that neither solves.</summary>
    public required int SolvedByNeither { get; init; }

    /// <summary>The tasks that flipped, those that lost first, then the largest differences.</summary>
    public required IReadOnlyList<FlippedTask> Flipped { get; init; }

    /// <summary>Further ones that are not listed.</summary>
    public required int FlippedLeftOut { get; init; }

    /// <summary>The differences of the tasks' means.</summary>
    public Distribution? Differences { get; init; }
}
