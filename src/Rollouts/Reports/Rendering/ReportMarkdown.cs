using System.Globalization;
using System.Text;
using SandQueue.Rollouts.Statistics;

namespace SandQueue.Rollouts.Reports.Rendering;

/// <summary>Reports as Markdown, for a pull request or a terminal.</summary>
public static class ReportMarkdown
{
    private const int MostGroups = 20;

    /// <summary>A report.</summary>
    public static string Of(BatchReport report)
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"# Batch {MarkdownText.Of(report.Batch.Name ?? report.Batch.BatchId)}\n\nEnvironment {MarkdownText.Of(ReportWords.Subject(report.Batch))}\n");
        foreach (var note in report.Notes) page.Append(CultureInfo.InvariantCulture, $"\n> {MarkdownText.Of(note)}\n");
        WriteCoverage(page, report.Coverage);
        WriteReward(page, report);
        WriteParts(page, "By category", report.Categories);
        WriteParts(page, "By split", report.Splits);
        WriteSpreads(page, report);
        WriteRetried(page, report.Retried);
        WriteGroups(page, report.Groups);
        return page.ToString();
    }

    /// <summary>A comparison.</summary>
    public static string Of(BatchComparison comparison)
    {
        var page = new StringBuilder("# Two batches, task by task\n");
        foreach (var note in comparison.Notes) page.Append(CultureInfo.InvariantCulture, $"\n> {MarkdownText.Of(note)}\n");
        MarkdownTable.Write(page, ["", "first", "second"], ReportWords.SideBySide(comparison.First, comparison.Second).Select(IReadOnlyList<string> (row) => [row.Name, MarkdownText.Of(row.First), MarkdownText.Of(row.Second)]));
        page.Append("\n## Difference\n\n").Append(ReportWords.Difference(comparison)).Append('\n');
        MarkdownTable.Write(
            page,
            ["tasks", "second solves", "second does not"],
            [["first solves", Figures.Count(comparison.SolvedByBoth), Figures.Count(comparison.Lost)], ["first does not", Figures.Count(comparison.Gained), Figures.Count(comparison.SolvedByNeither)]]);
        WriteDifferences(page, "By category", comparison.Categories);
        WriteDifferences(page, "By split", comparison.Splits);
        if (comparison.Flipped.Count == 0) return page.ToString();

        page.Append("\n## Tasks that flipped\n");
        MarkdownTable.Write(
            page,
            ["task", "first", "second", ""],
            comparison.Flipped.Select(IReadOnlyList<string> (task) => [MarkdownText.Of(task.TaskId), Figures.Reward(task.First), Figures.Reward(task.Second), task.IsGained ? "gained" : "lost"]));
        WriteFurther(page, comparison.FlippedLeftOut, "tasks");
        return page.ToString();
    }

    private static void WriteCoverage(StringBuilder page, Coverage coverage)
    {
        page.Append("\n## Coverage\n\n").Append(ReportWords.Coverage(coverage)).Append(' ').Append(ReportWords.Bounds(coverage)).Append('\n');
        MarkdownTable.Write(page, ["end", "rollouts"], coverage.Ends.Where(end => end.Value > 0).Select(IReadOnlyList<string> (end) => [end.Key, Figures.Count(end.Value)]));
        MarkdownTable.Write(
            page,
            ["no valid reward because of", "reason", "rollouts", "for example"],
            coverage.Failures.Select(IReadOnlyList<string> (failure) => [failure.Cause, MarkdownText.Of(failure.Detail), Figures.Count(failure.Count), MarkdownText.Of(failure.Example)]));
        WriteFurther(page, coverage.FailuresLeftOut, "reasons");
    }

    private static void WriteReward(StringBuilder page, BatchReport report)
    {
        page.Append("\n## Reward\n\n").Append(ReportWords.Mean(report.Reward)).Append('\n');
        MarkdownTable.Write(
            page,
            ["k", "pass@k", "pass^k", "tasks", "tasks with fewer"],
            report.Pass.Select(IReadOnlyList<string> (rate) => [Figures.Count(rate.K), Figures.Reward(rate.PassAtK), Figures.Reward(rate.PassHatK), Figures.Count(rate.Tasks), Figures.Count(rate.TasksLeftOut)]));
        if (report.Pass.Count > 0) page.Append(CultureInfo.InvariantCulture, $"\nA rollout succeeds with a reward of {Figures.Short(report.SuccessThreshold)} or more.\n");
        MarkdownTable.Write(page, ["end of episode", "rollouts"], report.EndReasons.Select(IReadOnlyList<string> (reason) => [MarkdownText.Of(reason.Key), Figures.Count(reason.Value)]));
    }

    private static void WriteParts(StringBuilder page, string title, IReadOnlyList<Part> parts)
    {
        if (parts.Count == 0) return;

        page.Append(CultureInfo.InvariantCulture, $"\n## {title}\n");
        MarkdownTable.Write(
            page,
            ["", "tasks", "valid of ended", "mean reward", "95 % interval", "pass@1"],
            parts.Select(IReadOnlyList<string> (part) =>
                [MarkdownText.Of(part.Name), Figures.Count(part.Tasks), $"{Figures.Count(part.Valid)} of {Figures.Count(part.Rollouts)}", Figures.Reward(part.Reward?.Mean), Figures.Between(part.Reward?.Ci95), Figures.Reward(part.PassAt1)]));
    }

    private static void WriteDifferences(StringBuilder page, string title, IReadOnlyList<PartDifference> parts)
    {
        if (parts.Count == 0) return;

        page.Append(CultureInfo.InvariantCulture, $"\n## {title}\n");
        MarkdownTable.Write(
            page,
            ["", "tasks of both", "first", "second", "second minus first", "95 % interval"],
            parts.Select(IReadOnlyList<string> (part) => [MarkdownText.Of(part.Name), .. ReportWords.Row(part)]));
    }

    private static void WriteSpreads(StringBuilder page, BatchReport report)
    {
        page.Append("\n## Distributions\n");
        MarkdownTable.Write(
            page,
            ["of valid rollouts", "mean", "least", "25 %", "median", "75 %", "95 %", "most"],
            ReportWords.Spreads(report).Select(IReadOnlyList<string> (spread) => [spread.Name, .. Row(spread.Values, spread.Format)]));
    }

    private static IEnumerable<string> Row(Distribution spread, Func<double, string> format) =>
        ((double[])[spread.Mean, spread.Min, spread.P25, spread.P50, spread.P75, spread.P95, spread.Max]).Select(format);

    private static void WriteRetried(StringBuilder page, Retried retried)
    {
        page.Append("\n## Retried rollouts\n\n").Append(ReportWords.Retried(retried)).Append('\n');
        if (retried.Rollouts == 0) return;

        MarkdownTable.Write(
            page,
            ["", "mean reward", "95 % interval", "rollouts"],
            [
                ["with them", Figures.Reward(retried.With?.Mean), Figures.Between(retried.With?.Ci95), Figures.Count(retried.With?.Values ?? 0)],
                ["without them", Figures.Reward(retried.Without?.Mean), Figures.Between(retried.Without?.Ci95), Figures.Count(retried.Without?.Values ?? 0)],
            ]);
    }

    private static void WriteGroups(StringBuilder page, Groups groups)
    {
        page.Append("\n## Groups\n\n").Append(ReportWords.Groups(groups)).Append('\n');
        var incomplete = groups.Listed.Where(group => group.Trainable < group.Members).ToList();
        MarkdownTable.Write(
            page,
            ["task", "trainable of members", "successes", "mean reward"],
            incomplete.Take(MostGroups).Select(IReadOnlyList<string> (group) => [MarkdownText.Of(group.TaskId), $"{group.Trainable} of {group.Members}", Figures.Count(group.Successes), Figures.Reward(group.Mean)]));
        WriteFurther(page, groups.Partial + groups.Without - Math.Min(incomplete.Count, MostGroups), "groups");
    }

    private static void WriteFurther(StringBuilder page, int count, string what)
    {
        if (count > 0) page.Append(CultureInfo.InvariantCulture, $"\nAnd {Figures.Count(count)} further {what}.\n");
    }
}
