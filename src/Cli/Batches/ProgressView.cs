using SandQueue.Cli.Wording;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SandQueue.Cli.Batches;

/// <summary>A batch while it runs: for a terminal, and as a line.</summary>
internal static class ProgressView
{
    private const int BarWidth = 40;

    /// <summary>What a terminal shows, drawn anew with each change.</summary>
    public static IRenderable Of(BatchState batch, BatchPace pace)
    {
        var rows = new List<IRenderable>
        {
            new Columns(new Text(SafeText.Line(Title(batch)), new Style(decoration: Decoration.Bold))) { Expand = false },
            Bar(batch, pace),
            new Text(Facts(batch)),
        };
        if (batch.CausesText is { Length: > 0 } causes) rows.Add(new Text(SafeText.Line($"no reward because of: {causes}"), new Style(Color.Yellow)));
        if (batch.IsPaused) rows.Add(new Text(SafeText.Line(Paused(batch)), new Style(Color.Yellow)));
        if (!batch.IsClosed) rows.Add(new Text("Ctrl-C detaches; the batch goes on", new Style(Color.Grey)));
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

    private static string Title(BatchState batch) => $"{batch.Json.Text("name") ?? batch.Id} · {batch.Json.Text("env_type")} · {batch.Json.Object("policy").Text("type")} {batch.Json.Object("policy").Text("model")}".TrimEnd() + $" · {batch.State}";

    private static Paragraph Bar(BatchState batch, BatchPace pace)
    {
        var all = Math.Max(1, batch.Items);
        var (good, bad, running) = (Cells(batch.Valid, all), Cells(batch.Ended - batch.Valid, all), Cells(batch.Running, all));
        good = Math.Min(good, BarWidth);
        bad = Math.Min(bad, BarWidth - good);
        running = Math.Min(running, BarWidth - good - bad);
        var share = 100 * batch.Ended / all;
        var rest = pace.Left(batch.Items - batch.Ended) is { } left && batch.Ended < batch.Items ? $"  {Figures.Time(left)} left" : "";
        var rate = pace.PerSecond is { } perSecond ? $"  {Figures.Rate(perSecond)}" : "";
        return new Paragraph()
            .Append(new string('█', good), new Style(Color.Green))
            .Append(new string('█', bad), new Style(Color.Red))
            .Append(new string('▒', running), new Style(Color.Blue))
            .Append(new string('░', BarWidth - good - bad - running), new Style(Color.Grey))
            .Append($" {share} %  {Figures.Count(batch.Ended)} of {Figures.Count(batch.Items)}{rate}{rest}");
    }

    /// <summary>What is there at all is seen.</summary>
    private static int Cells(long count, long all) => count <= 0 ? 0 : Math.Max(1, (int)(count * BarWidth / all));

    private static string Facts(BatchState batch) => string.Join(
        "   ",
        ((string?[])[
            batch.Mean is { } mean ? $"mean reward {Figures.Reward(mean)}" : null, batch.EndsText is { Length: > 0 } ends ? ends : null,
            $"{Figures.Count(batch.Running)} running", $"{Figures.Count(batch.Waiting)} waiting",
        ]).OfType<string>());
}
