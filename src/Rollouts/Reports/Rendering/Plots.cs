using System.Globalization;
using System.Text;
using SandQueue.Rollouts.Statistics;

namespace SandQueue.Rollouts.Reports.Rendering;

/// <summary>Plots as inline SVG, coloured by classes of the page so that they follow light and dark.</summary>
internal static class Plots
{
    /// <summary>Bars of counts over values, with their scale below and the largest count beside.</summary>
    /// <param name="spread">The values.</param>
    /// <param name="format">How a value is written.</param>
    /// <param name="name">What they are, for those who do not see it.</param>
    /// <param name="width">The width in the plot's own units; a wide plot has a larger one, so that its letters stay of one size.</param>
    /// <param name="height">Its height.</param>
    public static string Histogram(Distribution spread, Func<double, string> format, string name, int width, int height)
    {
        const int Left = 38, Bottom = 22, Top = 16;
        var bars = spread.Histogram;
        var most = bars.Max(bar => bar.Count);
        var (plain, inner, tall) = (bars.All(bar => bar.From.Equals(bar.To)), width - Left - 6, height - Top - Bottom);
        var slot = (double)inner / bars.Count;
        var thick = plain ? Math.Min(slot * 0.7, 64) : slot - 1.5;
        var svg = Begin(width, height, $"Distribution of {name}: median {format(spread.P50)}, from {format(spread.Min)} to {format(spread.Max)}");
        svg.Append(Grid(Left, Top, inner)).Append(Grid(Left, Top + (tall / 2.0), inner)).Append(Text(Left - 6, Top + 4, Figures.Count(most), "end"));
        if (most > 1) svg.Append(Text(Left - 6, Top + (tall / 2.0) + 4, Figures.Short(most / 2.0), "end"));
        for (var i = 0; i < bars.Count; i++)
        {
            var high = bars[i].Count == 0 ? 0 : Math.Max(1.5, (double)tall * bars[i].Count / most);
            var from = Left + (i * slot) + ((slot - thick) / 2);
            var span = plain ? format(bars[i].From) : $"{format(bars[i].From)} to {format(bars[i].To)}";
            svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"f-main\" x=\"{from:0.#}\" y=\"{Top + tall - high:0.#}\" width=\"{thick:0.#}\" height=\"{high:0.#}\" rx=\"1.5\"><title>{Html.Text(span)}: {Figures.Count(bars[i].Count)}</title></rect>");
        }

        svg.Append(Axis(Left, Top + tall, inner));
        if (plain && bars.Count <= Math.Max(2, inner / 46))
            for (var i = 0; i < bars.Count; i++) svg.Append(Text(Left + ((i + 0.5) * slot), height - 6, format(bars[i].From), "middle"));
        else
            svg.Append(Text(Left, height - 6, format(spread.Min), "start")).Append(Text(Left + inner, height - 6, format(spread.Max), "end"));
        return svg.Append("</svg>").ToString();
    }

    /// <summary>One bar of parts.</summary>
    /// <param name="parts">Counts, and the class that colours each.</param>
    /// <param name="name">What they are.</param>
    public static string Stack(IReadOnlyList<(string Name, int Count, string Class)> parts, string name)
    {
        const int Width = 1000, Height = 22;
        var all = Math.Max(1, parts.Sum(part => part.Count));
        var svg = Begin(Width, Height, name).Replace("<svg ", "<svg preserveAspectRatio=\"none\" height=\"22\" ");
        var at = 0.0;
        foreach (var part in parts.Where(part => part.Count > 0))
        {
            var wide = (double)Width * part.Count / all;
            svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"{part.Class}\" x=\"{at:0.##}\" y=\"0\" width=\"{Math.Max(wide - 2, 1):0.##}\" height=\"{Height}\"><title>{Html.Text(part.Name)}: {Figures.Count(part.Count)}</title></rect>");
            at += wide;
        }

        var key = string.Concat(parts.Where(part => part.Count > 0).Select(part => $"<span><i class=\"dot {part.Class}\"></i>{Html.Text(part.Name)} {Figures.Count(part.Count)}</span>"));
        return svg.Append($"</svg><div class=\"key\">{key}</div>").ToString();
    }

    /// <summary>pass@k and pass^k over k.</summary>
    public static string Passes(IReadOnlyList<PassRate> rates, int width, int height)
    {
        const int Left = 38, Bottom = 34, Top = 12;
        var (inner, tall) = (width - Left - 14, height - Top - Bottom);
        double X(int index) => Left + (rates.Count == 1 ? inner / 2.0 : (double)inner * index / (rates.Count - 1));
        double Y(double rate) => Top + (tall * (1 - rate));
        var svg = Begin(width, height, "pass@k and pass^k by k");
        foreach (var rate in (double[])[0, 0.5, 1]) svg.Append(Grid(Left, Y(rate), inner)).Append(Text(Left - 6, Y(rate) + 4, Figures.Short(rate), "end"));
        for (var i = 0; i < rates.Count; i++) svg.Append(Text(X(i), height - 19, Figures.Count(rates[i].K), rates.Count > 1 && i == rates.Count - 1 ? "end" : "middle"));
        svg.Append(Text(Left + (inner / 2.0), height - 3, "k rollouts of a task", "middle"));
        svg.Append(Line("main", [.. rates.Select((rate, i) => (X(i), Y(rate.PassAtK), $"pass@{rate.K} {Figures.Reward(rate.PassAtK)}"))]));
        svg.Append(Line("second", [.. rates.Select((rate, i) => (X(i), Y(rate.PassHatK), $"pass^{rate.K} {Figures.Reward(rate.PassHatK)}"))]));
        return svg.Append("</svg><div class=\"key\"><span><i class=\"dot f-main\"></i>pass@k: one of k succeeds</span><span><i class=\"dot f-second\"></i>pass^k: all k succeed</span></div>").ToString();
    }

    /// <summary>A mean with its interval on a scale that all rows of a table share.</summary>
    public static string Whisker(Estimate? estimate, double low, double high)
    {
        const int Width = 240, Height = 18;
        if (estimate is null) return "";

        var span = high > low ? high - low : 1;
        double X(double value) => 6 + ((Width - 12) * Math.Clamp((value - low) / span, 0, 1));
        var svg = Begin(Width, Height, $"{Figures.Reward(estimate.Mean)}, {Figures.Between(estimate.Ci95)}").Append(Grid(6, 9, Width - 12));
        if (low < 0 && high > 0) svg.Append(CultureInfo.InvariantCulture, $"<line class=\"axis\" x1=\"{X(0):0.#}\" x2=\"{X(0):0.#}\" y1=\"0\" y2=\"{Height}\"/>");
        if (estimate.Ci95 is { } interval) svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"f-main\" x=\"{X(interval.Low):0.#}\" y=\"7.5\" width=\"{Math.Max(1, X(interval.High) - X(interval.Low)):0.#}\" height=\"3\" rx=\"1.5\" opacity=\"0.55\"/>");
        return svg.Append(CultureInfo.InvariantCulture, $"<circle class=\"f-main\" cx=\"{X(estimate.Mean):0.#}\" cy=\"9\" r=\"5\"/></svg>").ToString();
    }

    private static string Line(string colour, IReadOnlyList<(double X, double Y, string Title)> points)
    {
        var line = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"<polyline class=\"s-{colour}\" points=\"{string.Join(' ', points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.X:0.#},{point.Y:0.#}")))}\"/>"));
        foreach (var (x, y, title) in points) line.Append(CultureInfo.InvariantCulture, $"<circle class=\"f-{colour}\" cx=\"{x:0.#}\" cy=\"{y:0.#}\" r=\"4\"><title>{Html.Text(title)}</title></circle>");
        return line.ToString();
    }

    private static StringBuilder Begin(int width, int height, string name) =>
        new(string.Create(CultureInfo.InvariantCulture, $"<svg{(width is > 400 and < 1000 ? " class=\"wide\"" : "")} viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{Html.Text(name)}\">"));

    private static string Grid(double x, double y, double width) => string.Create(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{x:0.#}\" x2=\"{x + width:0.#}\" y1=\"{y:0.#}\" y2=\"{y:0.#}\"/>");

    private static string Axis(double x, double y, double width) => string.Create(CultureInfo.InvariantCulture, $"<line class=\"axis\" x1=\"{x:0.#}\" x2=\"{x + width:0.#}\" y1=\"{y:0.#}\" y2=\"{y:0.#}\"/>");

    private static string Text(double x, double y, string text, string anchor) =>
        string.Create(CultureInfo.InvariantCulture, $"<text x=\"{x:0.#}\" y=\"{y:0.#}\" text-anchor=\"{anchor}\">{Html.Text(text)}</text>");
}
