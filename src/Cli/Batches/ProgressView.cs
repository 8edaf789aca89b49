using SandQueue.Cli.Wording;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SandQueue.Cli.Batches;

/// <summary>A batch while it runs: for a terminal, and as a line.</summary>
internal static class ProgressView
{
    private const int WidestBar = 40;
    private const int NarrowestBar = 8;

    /// <summary>What stands beside the bar, at its longest: <c>100 %  200,000 of 200,000  1000/s  10:00:00 left</c>.</summary>
    private const int BesideBar = 46;

    /// <summary>What a terminal shows, drawn anew with each change.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="pace">How fast it goes.</param>
    /// <param name="width">The terminal's columns: a bar that wraps is none.</param>
    /// <param name="now">The time.</param>
    public static IRenderable Of(BatchState batch, BatchPace pace, int width, DateTimeOffset now)
    {
        var rows = new List<IRenderable>
        {
            new Columns(new Text(SafeText.Line(Title(batch, now)), new Style(decoration: Decoration.Bold))) { Expand = false },
            Bar(batch, pace, Math.Clamp(width - BesideBar, NarrowestBar, WidestBar)),
            new Text(Facts(batch)),
        };
        if (batch.CausesText is { Length: > 0 } causes) rows.Add(new Text(SafeText.Line($"{Figures.Count(batch.Ended - batch.Valid)} without a reward: {causes}"), new Style(Color.Yellow)));
        if (batch.IsPaused) rows.Add(new Text(SafeText.Line(Paused(batch)), new Style(Color.Yellow)));
        if (!batch.IsClosed && !batch.IsPaused) rows.Add(new Text("Ctrl-C detaches; the batch goes on", new Style(Color.Grey)));
        return new Rows(rows);
    }

    /// <summary>One line for a log.</summary>
    public static string Line(BatchState batch, BatchPace pace) => string.Concat(
        $"{batch.Id}: {Figures.Count(batch.Ended)}/{Figures.Count(batch.Items)} ended, {Figures.Count(batch.Running)} running",
        pace.PerSecond is { } rate ? $", {Figures.Rate(rate)}" : "",
        pace.Left(batch.Items - batch.Ended) is { } left && batch.Ended < batch.Items ? $", {Figures.Time(left)} left" : "",
        batch.Mean is { } mean ? $", mean reward {Figures.Reward(mean)}" : "",
        batch.CausesText is { Length: > 0 } causes ? $"; no reward because of: {causes}" : "",
        batch.IsPaused ? $"; {Paused(batch)}" : "");

    public static string Paused(BatchState batch) => $"paused{(batch.PauseReason is { } reason ? $": {reason}" : "")}; 'sandqueue batch resume {batch.Id}' goes on";

    /// <summary>The id is what other commands take, so that it is there beside a name.</summary>
    private static string Title(BatchState batch, DateTimeOffset now) =>
        $"{(batch.Json.Text("name") is { } name ? $"{name} ({batch.Id})" : batch.Id)} · {batch.Json.Text("env_type")} · {batch.Json.Object("policy").Text("type")} {batch.Json.Object("policy").Text("model")}".TrimEnd()
        + $" · {batch.State}{(batch.Age(now) is { } age ? $" {(batch.IsClosed || batch.IsPaused ? "after" : "for")} {Figures.Time(age)}" : "")}";

    /// <summary>Signs that differ without colours too.</summary>
    private static Paragraph Bar(BatchState batch, BatchPace pace, int width)
    {
        var all = Math.Max(1, batch.Items);
        // What has ended is one length, so that a closed batch has a full bar.
        var ended = Math.Min(Cells(batch.Ended, all, width), width);
        var bad = Math.Min(Cells(batch.Ended - batch.Valid, all, width), ended);
        var good = ended - bad;
        var running = Math.Min(Cells(batch.Running, all, width), width - good - bad);
        var rest = pace.Left(batch.Items - batch.Ended) is { } left && batch.Ended < batch.Items ? $"  {Figures.Time(left)} left" : "";
        var rate = pace.PerSecond is { } perSecond ? $"  {Figures.Rate(perSecond)}" : "";
        return new Paragraph()
            .Append(new string('█', good), new Style(Color.Green))
            .Append(new string('▓', bad), new Style(Color.Red))
            .Append(new string('▒', running), new Style(Color.Blue))
            .Append(new string('─', width - good - bad - running), new Style(Color.Grey))
            .Append($" {100 * batch.Ended / all,3} %  {Figures.Count(batch.Ended)} of {Figures.Count(batch.Items)}{rate}{rest}");
    }

    /// <summary>What is there at all is seen.</summary>
    private static int Cells(long count, long all, int width) => count <= 0 ? 0 : Math.Max(1, (int)(count * width / all));

    private static string Facts(BatchState batch) => string.Join(
        "   ",
        ((string?[])[
            batch.Mean is { } mean ? $"mean reward {Figures.Reward(mean)}" : null, batch.EndsText is { Length: > 0 } ends ? ends : null,
            batch.Running > 0 ? $"{Figures.Count(batch.Running)} running" : null, batch.Waiting > 0 ? $"{Figures.Count(batch.Waiting)} waiting" : null,
        ]).OfType<string>());
}
