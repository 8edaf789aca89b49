using System.Text;
using SandQueue.Rollouts.Statistics;

namespace SandQueue.Rollouts.Reports.Rendering;

/// <summary>A report as a page that is one file, with plots, in light and dark.</summary>
public static class ReportHtml
{
    /// <summary>The page.</summary>
    public static string Of(BatchReport report)
    {
        var title = $"Batch {report.Batch.Name ?? report.Batch.BatchId}";
        var body = new StringBuilder($"<h1>{Html.Text(title)}</h1>\n<p class=\"sub\">{Html.Text(ReportWords.Subject(report.Batch))}</p>\n");
        foreach (var note in report.Notes) body.Append($"<p class=\"note\">{Html.Text(note)}</p>\n");
        body.Append(Tiles(report));
        body.Append(CoverageSection(report.Coverage));
        body.Append($"<div class=\"two pair\">{RewardSection(report)}{PassSection(report)}</div>\n");
        body.Append(PartsSection("By category", "category", report.Categories)).Append(PartsSection("By split", "split", report.Splits));
        body.Append(SpreadsSection(report));
        body.Append(RetriedSection(report.Retried)).Append(GroupsSection(report.Groups));
        return HtmlPage.Of(title, body.ToString());
    }

    /// <summary>A figure that is read first.</summary>
    internal static string Tile(string figure, string words) => $"<div class=\"tile\"><b>{Html.Text(figure)}</b><span>{Html.Text(words)}</span></div>";

    private static string Tiles(BatchReport report)
    {
        var (coverage, reward) = (report.Coverage, report.Reward);
        var tiles = new StringBuilder("<div class=\"tiles\">");
        tiles.Append(Tile(Figures.Percent(coverage.Share), $"valid: {Figures.Count(coverage.Valid)} of {Figures.Count(coverage.Items)} rollouts"));
        tiles.Append(Tile(Figures.Reward(reward?.Mean), reward?.Ci95 is { } interval ? $"mean reward, 95 % interval {Figures.Between(interval)}" : "mean reward, no interval"));
        tiles.Append(coverage.Bounds is { } bounds ? Tile($"{Figures.Reward(bounds.Low)} – {Figures.Reward(bounds.High)}", "bounds of the mean, missing ones as 0 and as 1") : Tile(Figures.None, "bounds: rewards are not all from 0 to 1"));
        if (report.Pass is [var once, ..]) tiles.Append(Tile(Figures.Reward(once.PassAtK), "pass@1"));
        if (report.Pass is [_, .., var most]) tiles.Append(Tile($"{Figures.Reward(most.PassAtK)} / {Figures.Reward(most.PassHatK)}", $"pass@{most.K} / pass^{most.K}"));
        return tiles.Append("</div>\n").ToString();
    }

    private static string CoverageSection(Coverage coverage)
    {
        (string, int, string)[] parts =
        [
            ("valid reward", coverage.Valid, "f-good"),
            .. coverage.Causes.Select(cause => ($"no reward: {cause.Key}", cause.Value, ColourOf(cause.Key))),
            ("not ended", coverage.Items - coverage.Ended, "f-rest"),
        ];
        var failures = HtmlTable.Of(
            ["cause", "=reason", "#rollouts", "for example"],
            coverage.Failures.Select(IReadOnlyList<string> (failure) => [Html.Text(failure.Cause), Html.Text(failure.Detail), Figures.Count(failure.Count), $"<code>{Html.Text(failure.Example)}</code>"]));
        var ends = string.Join(", ", coverage.Ends.Where(end => end.Value > 0).Select(end => $"{Figures.Count(end.Value)} {end.Key}"));
        return $"<section><h2>Coverage</h2><p>{Html.Text(ReportWords.Coverage(coverage))} {Html.Text(ReportWords.Bounds(coverage))}{(ends.Length > 0 ? $" Ends: {Html.Text(ends)}." : "")}</p>"
            + $"{Plots.Stack(parts, "Rollouts by what became of them")}{failures}{Further(coverage.FailuresLeftOut, "reasons")}</section>\n";
    }

    private static string ColourOf(string cause) => cause switch
    {
        "policy" => "f-second",
        "environment" => "f-third",
        "cancelled" => "f-soft",
        "caller" => "f-warn",
        _ => "f-bad",
    };

    private static string RewardSection(BatchReport report)
    {
        var ends = HtmlTable.Of(["end of episode", "#rollouts"], report.EndReasons.Select(IReadOnlyList<string> (reason) => [Html.Text(reason.Key), Figures.Count(reason.Value)]));
        var plot = report.Rewards is { } rewards ? Plots.Histogram(rewards, Figures.Short, "rewards", 540, 210) : "";
        return $"<section><h2>Reward</h2><p>{Html.Text(ReportWords.Mean(report.Reward))}</p>{plot}{ends}</section>";
    }

    private static string PassSection(BatchReport report)
    {
        if (report.Pass.Count == 0) return "<section><h2>Success</h2><p>No rollout has a valid reward.</p></section>";

        var table = HtmlTable.Of(
            ["#k", "#pass@k", "#pass^k", "#tasks", "#tasks with fewer"],
            report.Pass.Select(IReadOnlyList<string> (rate) => [Figures.Count(rate.K), Figures.Reward(rate.PassAtK), Figures.Reward(rate.PassHatK), Figures.Count(rate.Tasks), Figures.Count(rate.TasksLeftOut)]));
        var plot = report.Pass.Count > 1 ? Plots.Passes(report.Pass, 540, 220) : "";
        return $"<section><h2>Success</h2><p>A rollout succeeds with a reward of {Figures.Short(report.SuccessThreshold)} or more. Means over tasks, of valid rollouts.</p>{plot}{table}</section>";
    }

    private static string PartsSection(string title, string what, IReadOnlyList<Part> parts)
    {
        if (parts.Count == 0) return "";

        var ends = parts.Select(part => part.Reward).OfType<Estimate>().SelectMany(mean => (double[])[mean.Mean, mean.Ci95?.Low ?? mean.Mean, mean.Ci95?.High ?? mean.Mean]).DefaultIfEmpty().ToList();
        var (low, high) = (Math.Min(0, ends.Min()), Math.Max(1, ends.Max()));
        var table = HtmlTable.Of(
            [what, "#tasks", "#valid of ended", "#mean reward", "#95 % interval", $"<div class=\"forest\">from {Figures.Short(low)} to {Figures.Short(high)}</div>", "#pass@1"],
            parts.Select(IReadOnlyList<string> (part) =>
            [
                Html.Text(part.Name), Figures.Count(part.Tasks), $"{Figures.Count(part.Valid)} of {Figures.Count(part.Rollouts)}",
                Figures.Reward(part.Reward?.Mean), Figures.Between(part.Reward?.Ci95), Plots.Whisker(part.Reward, low, high), Figures.Reward(part.PassAt1),
            ]));
        return $"<section><h2>{title}</h2>{table}</section>\n";
    }

    private static string SpreadsSection(BatchReport report)
    {
        var plots = string.Concat(ReportWords.Spreads(report).Where(spread => spread.Name != "reward").Select(spread =>
            $"<div><h3>{spread.Name}</h3>{Plots.Histogram(spread.Values, spread.Format, spread.Name, 340, 150)}<div class=\"key\"><span>median {Html.Text(spread.Format(spread.Values.P50))}</span><span>mean {Html.Text(spread.Format(spread.Values.Mean))}</span><span>95 % {Html.Text(spread.Format(spread.Values.P95))}</span></div></div>"));
        return plots.Length == 0 ? "" : $"<section><h2>Steps, tokens and time of valid rollouts</h2><div class=\"many\">{plots}</div></section>\n";
    }

    private static string RetriedSection(Retried retried)
    {
        var table = retried.Rollouts == 0 ? "" : HtmlTable.Of(
            ["", "#mean reward", "#95 % interval", "#rollouts"],
            [
                ["with them", Figures.Reward(retried.With?.Mean), Figures.Between(retried.With?.Ci95), Figures.Count(retried.With?.Values ?? 0)],
                ["without them", Figures.Reward(retried.Without?.Mean), Figures.Between(retried.Without?.Ci95), Figures.Count(retried.Without?.Values ?? 0)],
            ]);
        return $"<section><h2>Retried rollouts</h2><p>{Html.Text(ReportWords.Retried(retried))}</p>{table}</section>\n";
    }

    private static string GroupsSection(Groups groups)
    {
        var table = HtmlTable.Of(
            ["task", "#trainable of members", "#successes", "#mean reward"],
            groups.Listed.Select(IReadOnlyList<string> (group) => [$"<code>{Html.Text(group.TaskId)}</code>", $"{Figures.Count(group.Trainable)} of {Figures.Count(group.Members)}", Figures.Count(group.Successes), Figures.Reward(group.Mean)]));
        var bar = Plots.Stack([("all members trainable", groups.Complete, "f-good"), ("some", groups.Partial, "f-warn"), ("none", groups.Without, "f-bad")], "Groups by trainable members");
        var list = table.Length == 0 ? "" : $"<details><summary>The {Figures.Count(groups.Listed.Count)} groups with the fewest trainable members and the lowest rewards</summary>{table}{Further(groups.LeftOut, "groups")}</details>";
        return $"<section><h2>Groups</h2><p>{Html.Text(ReportWords.Groups(groups))}</p>{bar}{list}</section>\n";
    }

    private static string Further(int count, string what) => count > 0 ? $"<p class=\"sub\">And {Figures.Count(count)} further {what}.</p>" : "";
}
