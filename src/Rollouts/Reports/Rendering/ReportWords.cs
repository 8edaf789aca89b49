using System.Globalization;
using SandQueue.Rollouts.Statistics;

namespace SandQueue.Rollouts.Reports.Rendering;

/// <summary>The sentences that Markdown and HTML have in common. Text of others in them is not escaped yet.</summary>
internal static class ReportWords
{
    public static string Subject(BatchFacts batch)
    {
        var policy = string.Join(' ', ((string?[])[batch.PolicyType, batch.Model, batch.PolicyVersion is { } version ? $"({version})" : null]).OfType<string>());
        var closed = batch.ClosedAt is { } end ? $", closed {Figures.Time(end)} after {Figures.Duration((end - batch.CreatedAt).TotalMilliseconds)}" : "";
        var split = batch.Split is { } name ? $" · split {name}" : "";
        return $"{batch.EnvType}{split} · policy {policy} · {Figures.Count(batch.Items)} rollouts, {Figures.Count(batch.Repeats)} for each task · {batch.State} · begun {Figures.Time(batch.CreatedAt)}{closed} · id {batch.BatchId}";
    }

    public static string Coverage(Coverage coverage) =>
        $"{Figures.Count(coverage.Valid)} of {Figures.Count(coverage.Items)} rollouts have a valid reward ({Figures.Percent(coverage.Share)}).";

    public static string Bounds(Coverage coverage) => coverage.Bounds is { } bounds
        ? $"Bounds of the mean: {Figures.Between(bounds)} ({coverage.BoundsNote})."
        : $"No bounds of the mean: {coverage.BoundsNote}.";

    public static string Mean(Estimate? reward) => reward switch
    {
        null => "No rollout has a valid reward.",
        { Ci95: { } interval } => $"Mean {Figures.Reward(reward.Mean)}, 95 % interval {Figures.Between(interval)}, over {Figures.Count(reward.Values)} rollouts of {Figures.Count(reward.Clusters)} tasks (clustered by task).",
        _ => $"Mean {Figures.Reward(reward.Mean)} over {Figures.Count(reward.Values)} rollouts of one task, which has no interval.",
    };

    public static string Retried(Retried retried) => retried.Rollouts == 0
        ? "No rollout was begun more than once."
        : $"{Figures.Count(retried.Rollouts)} rollouts were begun more than once; {Figures.Count(retried.Valid)} of them have a valid reward. They are no draw like the others: what failed first may be of one kind.";

    public static string Groups(Groups groups) => string.Create(
        CultureInfo.InvariantCulture,
        $"Of {Figures.Count(groups.Count)} groups (rollouts of one task), {Figures.Count(groups.Complete)} have only trainable members, {Figures.Count(groups.Partial)} some, {Figures.Count(groups.Without)} none. In {Figures.Count(groups.OneReward)} all trainable members have the same reward.");

    public static string Difference(BatchComparison comparison) => comparison.Difference switch
    {
        null => "No task is in both.",
        { Ci95: { } interval } difference =>
            $"Second minus first: {Figures.Signed(difference.Mean)}, 95 % interval {Figures.Signed(interval.Low)} to {Figures.Signed(interval.High)}, over {Figures.Count(comparison.TasksPaired)} tasks of both. "
            + (interval.Low > 0 || interval.High < 0 ? "The interval does not hold 0." : "The interval holds 0."),
        var difference => $"Second minus first: {Figures.Signed(difference.Mean)} on the one task of both, which has no interval.",
    };

    /// <summary>The distributions that a report has.</summary>
    public static IEnumerable<(string Name, Distribution Values, Func<double, string> Format)> Spreads(BatchReport report)
    {
        (string, Distribution?, Func<double, string>)[] all =
        [
            ("reward", report.Rewards, Figures.Short), ("steps", report.Steps, Figures.Short), ("tokens read", report.PromptTokens, Figures.Short), ("tokens written", report.CompletionTokens, Figures.Short),
            ("duration", report.DurationMs, Figures.Duration), ("time of the policy", report.PolicyMs, Figures.Duration), ("time of the environment", report.EnvironmentMs, Figures.Duration),
        ];
        return all.Where(spread => spread.Item2 is not null).Select(spread => (spread.Item1, spread.Item2!, spread.Item3));
    }

    /// <summary>The figures of a part of a comparison.</summary>
    public static IEnumerable<string> Row(PartDifference part) =>
    [
        Figures.Count(part.Tasks), Figures.Reward(part.First), Figures.Reward(part.Second), Figures.Signed(part.Difference?.Mean),
        part.Difference?.Ci95 is { } interval ? $"{Figures.Signed(interval.Low)} to {Figures.Signed(interval.High)}" : Figures.None,
    ];

    /// <summary>The figures of two reports beside each other.</summary>
    public static IEnumerable<(string Name, string First, string Second)> SideBySide(BatchReport first, BatchReport second)
    {
        (string, Func<BatchReport, string>)[] rows =
        [
            ("batch", report => report.Batch.Name ?? report.Batch.BatchId),
            ("split", report => report.Batch.Split ?? Figures.None),
            ("policy", report => string.Join(' ', ((string?[])[report.Batch.PolicyType, report.Batch.Model, report.Batch.PolicyVersion]).OfType<string>())),
            ("valid of all", report => $"{Figures.Count(report.Coverage.Valid)} of {Figures.Count(report.Coverage.Items)}"),
            ("mean reward", report => Figures.Reward(report.Reward?.Mean)),
            ("95 % interval", report => Figures.Between(report.Reward?.Ci95)),
            ("bounds with missing ones", report => Figures.Between(report.Coverage.Bounds)),
            ("pass@1", report => Figures.Reward(report.Pass.Count > 0 ? report.Pass[0].PassAtK : null)),
            ("median steps", report => report.Steps is { } steps ? Figures.Short(steps.P50) : Figures.None),
            ("median duration", report => report.DurationMs is { } duration ? Figures.Duration(duration.P50) : Figures.None),
        ];
        return rows.Select(row => (row.Item1, row.Item2(first), row.Item2(second)));
    }
}
