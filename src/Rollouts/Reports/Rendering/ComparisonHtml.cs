using System.Text;

namespace SandQueue.Rollouts.Reports.Rendering;

/// <summary>A comparison as a page that is one file.</summary>
public static class ComparisonHtml
{
    /// <summary>The page.</summary>
    public static string Of(BatchComparison comparison)
    {
        var title = $"{comparison.First.Batch.Name ?? comparison.First.Batch.BatchId} and {comparison.Second.Batch.Name ?? comparison.Second.Batch.BatchId}";
        var body = new StringBuilder($"<h1>{Html.Text(title)}</h1>\n<p class=\"sub\">Two batches, task by task. First: {Html.Text(ReportWords.Subject(comparison.First.Batch))}<br>Second: {Html.Text(ReportWords.Subject(comparison.Second.Batch))}</p>\n");
        foreach (var note in comparison.Notes) body.Append($"<p class=\"note\">{Html.Text(note)}</p>\n");
        body.Append("<div class=\"tiles\">")
            .Append(ReportHtml.Tile(Figures.Signed(comparison.Difference?.Mean), comparison.Difference?.Ci95 is { } interval ? $"second minus first, 95 % interval {Figures.Signed(interval.Low)} to {Figures.Signed(interval.High)}" : "second minus first, no interval"))
            .Append(ReportHtml.Tile(Figures.Count(comparison.Gained), "tasks gained: only the second solves them"))
            .Append(ReportHtml.Tile(Figures.Count(comparison.Lost), "tasks lost: only the first solves them"))
            .Append(ReportHtml.Tile(Figures.Count(comparison.TasksPaired), $"tasks of both; {Figures.Count(comparison.TasksInFirstOnly)} only in the first, {Figures.Count(comparison.TasksInSecondOnly)} only in the second"))
            .Append("</div>\n");
        body.Append("<div class=\"two pair\">").Append(Sides(comparison)).Append(Differences(comparison)).Append("</div>\n");
        body.Append(Parts("By category", "category", comparison.Categories)).Append(Parts("By split", "split", comparison.Splits)).Append(Flipped(comparison));
        return HtmlPage.Of(title, body.ToString());
    }

    private static string Sides(BatchComparison comparison) =>
        "<section><h2>Side by side</h2>"
        + HtmlTable.Of(["", "#first", "#second"], ReportWords.SideBySide(comparison.First, comparison.Second).Select(IReadOnlyList<string> (row) => [row.Name, Html.Text(row.First), Html.Text(row.Second)]))
        + "</section>";

    private static string Differences(BatchComparison comparison)
    {
        var plot = comparison.Differences is { } spread ? $"<h3>difference of a task's mean reward</h3>{Plots.Histogram(spread, value => Figures.Signed(value), "differences of a task", 540, 190)}" : "";
        var table = HtmlTable.Of(
            ["tasks", "#second solves", "#second does not"],
            [
                ["first solves", Figures.Count(comparison.SolvedByBoth), $"<span class=\"bad\">{Figures.Count(comparison.Lost)}</span>"],
                ["first does not", $"<span class=\"good\">{Figures.Count(comparison.Gained)}</span>", Figures.Count(comparison.SolvedByNeither)],
            ]);
        return $"<section><h2>Difference</h2><p>{Html.Text(ReportWords.Difference(comparison))}</p>{plot}{table}<p class=\"sub\">A batch solves a task where more than half of its valid rollouts succeed.</p></section>";
    }

    private static string Parts(string title, string what, IReadOnlyList<PartDifference> parts) => parts.Count == 0 ? "" :
        $"<section><h2>{title}</h2>"
        + HtmlTable.Of([what, "#tasks of both", "#first", "#second", "#second minus first", "#95 % interval"], parts.Select(IReadOnlyList<string> (part) => [Html.Text(part.Name), .. ReportWords.Row(part)]))
        + "</section>\n";

    private static string Flipped(BatchComparison comparison)
    {
        if (comparison.Flipped.Count == 0) return "";

        var table = HtmlTable.Of(
            ["task", "#first", "#second", ""],
            comparison.Flipped.Select(IReadOnlyList<string> (task) =>
                [$"<code>{Html.Text(task.TaskId)}</code>", Figures.Reward(task.First), Figures.Reward(task.Second), task.IsGained ? "<span class=\"good\">▲ gained</span>" : "<span class=\"bad\">▼ lost</span>"]));
        var further = comparison.FlippedLeftOut > 0 ? $"<p class=\"sub\">And {Figures.Count(comparison.FlippedLeftOut)} further tasks.</p>" : "";
        return $"<section><h2>Tasks that flipped</h2>{table}{further}</section>\n";
    }
}
