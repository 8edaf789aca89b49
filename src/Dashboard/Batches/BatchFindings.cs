using SandQueue.Dashboard.Text;

namespace SandQueue.Dashboard.Batches;

internal sealed record BatchFindings(
    IReadOnlyList<string> Notes, FindingCoverage Coverage, FindingMean? Reward, IReadOnlyList<FindingPass> Pass, FindingSpread? Rewards, FindingSpread? Steps, FindingGroups Groups);

internal sealed record FindingCoverage(int Items, int Ended, int Valid, int Trainable, IReadOnlyDictionary<string, int> Ends, IReadOnlyDictionary<string, int> Causes, IReadOnlyList<FindingFailure> Failures);

internal sealed record FindingFailure(string Cause, string Detail, int Count, string Example);

/// <summary>A mean with its interval, <c>[low, high]</c>.</summary>
internal sealed record FindingMean(double Mean, IReadOnlyList<double>? Ci95, int Values, int Clusters);

internal sealed record FindingPass(int K, double PassAtK, double PassHatK);

internal sealed record FindingSpread(int Values, double Mean, double Min, double P50, double P95, double Max, IReadOnlyList<FindingBar> Histogram);

internal sealed record FindingBar(double From, double To, int Count)
{
    /// <summary>The bars as they are called and counted.</summary>
    public static IReadOnlyList<(string Name, int Count)> Named(FindingSpread spread) => [.. spread.Histogram.Select(bar => (bar.Name, bar.Count))];

    private string Name => Shown.Number(From) == Shown.Number(To) ? Shown.Number(From) : $"{Shown.Number(From)} to {Shown.Number(To)}";
}

internal sealed record FindingGroups(int Count, int Complete, int Partial, int Without, int OneReward, IReadOnlyList<FindingGroup> Listed, int LeftOut);

internal sealed record FindingGroup(string TaskId, int Members, int Trainable, int Successes, double? Mean);

internal sealed record Comparison(
    BatchFindings First,
    BatchFindings Second,
    IReadOnlyList<string> Notes,
    int TasksPaired,
    int TasksInFirstOnly,
    int TasksInSecondOnly,
    FindingMean? Difference,
    int Gained,
    int Lost,
    int SolvedByBoth,
    int SolvedByNeither,
    IReadOnlyList<FlippedTask> Flipped,
    int FlippedLeftOut);

internal sealed record FlippedTask(string TaskId, double First, double Second, bool IsGained);
