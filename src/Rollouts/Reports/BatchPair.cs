using SandQueue.Rollouts.Statistics;

namespace SandQueue.Rollouts.Reports;

/// <summary>Compares two batches that were counted.</summary>
public static class BatchPair
{
    private const int MostListed = 200;

    /// <summary>Thirds that were reached by different sums differ in the last digits, and are the same all the same.</summary>
    private const int SameFrom = 9;

    /// <summary>Counts both and compares them.</summary>
    public static async Task<BatchComparison> CompareAsync(
        BatchFacts first,
        IAsyncEnumerable<ReportedRollout> firstRollouts,
        BatchFacts second,
        IAsyncEnumerable<ReportedRollout> secondRollouts,
        double successThreshold = BatchTally.DefaultThreshold,
        CancellationToken cancellationToken = default)
    {
        var (one, other) = (new BatchTally(successThreshold), new BatchTally(successThreshold));
        await foreach (var rollout in firstRollouts.WithCancellation(cancellationToken)) one.Add(rollout);
        await foreach (var rollout in secondRollouts.WithCancellation(cancellationToken)) other.Add(rollout);
        return Compare(first, one, second, other);
    }

    /// <summary>Compares two that were counted with the same threshold.</summary>
    public static BatchComparison Compare(BatchFacts first, BatchTally firstTally, BatchFacts second, BatchTally secondTally)
    {
        var (ours, theirs) = (Valid(firstTally), Valid(secondTally));
        var pairs = ours.Where(task => theirs.ContainsKey(task.Key)).Select(task => (First: task.Value, Second: theirs[task.Key])).ToList();
        var flipped = pairs.Where(pair => Solves(pair.First) != Solves(pair.Second))
            .Select(pair => new FlippedTask(OneLineText.Of(pair.First.TaskId), pair.First.Mean!.Value, pair.Second.Mean!.Value, Solves(pair.Second))).ToList();
        var (one, other) = (firstTally.ToReport(first), secondTally.ToReport(second));
        return new BatchComparison
        {
            First = one,
            Second = other,
            Notes = [.. Notes(one, other, pairs.Count, ours.Count + theirs.Count - (2 * pairs.Count))],
            TasksPaired = pairs.Count,
            TasksInFirstOnly = ours.Count - pairs.Count,
            TasksInSecondOnly = theirs.Count - pairs.Count,
            Difference = PairedDifference.Of(pairs.Select(pair => (pair.First.Mean!.Value, pair.Second.Mean!.Value))),
            Categories = PartsOf(pairs, task => task.Category),
            Splits = PartsOf(pairs, task => task.Split),
            Gained = flipped.Count(task => task.IsGained),
            Lost = flipped.Count(task => !task.IsGained),
            SolvedByBoth = pairs.Count(pair => Solves(pair.First) && Solves(pair.Second)),
            SolvedByNeither = pairs.Count(pair => !Solves(pair.First) && !Solves(pair.Second)),
            Flipped = [.. flipped.OrderBy(task => task.IsGained).ThenByDescending(task => Math.Abs(task.Second - task.First)).ThenBy(task => task.TaskId, StringComparer.Ordinal).Take(MostListed)],
            FlippedLeftOut = Math.Max(0, flipped.Count - MostListed),
            Differences = Distribution.Of(pairs.Select(pair => Math.Round(pair.Second.Mean!.Value - pair.First.Mean!.Value, SameFrom))),
        };
    }

    /// <summary>A task is of the part that the first batch says, or else the second: a split may be known of one alone.</summary>
    private static IReadOnlyList<PartDifference> PartsOf(IEnumerable<(GroupTally First, GroupTally Second)> pairs, Func<GroupTally, string?> nameOf) =>
    [
        .. from pair in pairs
           let name = nameOf(pair.First) ?? nameOf(pair.Second)
           where name is not null
           group (First: pair.First.Mean!.Value, Second: pair.Second.Mean!.Value) by name into part
           orderby part.Key
           select new PartDifference(OneLineText.Of(part.Key), part.Count(), part.Average(task => task.First), part.Average(task => task.Second), PairedDifference.Of(part)),
    ];

    private static Dictionary<string, GroupTally> Valid(BatchTally tally) =>
        tally.Tasks.Where(task => task.Value.Valid > 0).ToDictionary(StringComparer.Ordinal);

    private static bool Solves(GroupTally task) => task.Successes * 2 > task.Valid;

    private static IEnumerable<string> Notes(BatchReport first, BatchReport second, int pairs, int single)
    {
        foreach (var report in (BatchReport[])[first, second])
            if (!report.IsFinal) yield return $"Batch {OneLineText.Of(report.Batch.BatchId)} is {report.Batch.State}; the figures are of its rollouts that have ended.";
        if (first.Batch.EnvType != second.Batch.EnvType) yield return $"They are of different environments: {OneLineText.Of(first.Batch.EnvType)} and {OneLineText.Of(second.Batch.EnvType)}.";
        if (first.Batch.Split is { } one && second.Batch.Split is { } other && one != other) yield return $"They are of different splits: {OneLineText.Of(one)} and {OneLineText.Of(other)}.";
        if (pairs == 0) yield return "No task has a valid reward in both, so there is nothing to compare.";
        else if (single > 0) yield return System.FormattableString.Invariant($"{single} tasks have a valid reward in one of them only and are left out of the difference.");
    }
}
