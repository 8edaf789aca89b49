namespace SandQueue.Rollouts.Statistics;

/// <summary>How values are spread.</summary>
/// <param name="Values">How many there are.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="Min">The smallest.</param>
/// <param name="P25">A quarter is not above it.</param>
/// <param name="P50">The median.</param>
/// <param name="P75">Three quarters are not above it.</param>
/// <param name="P95">95 % are not above it.</param>
/// <param name="Max">The largest.</param>
/// <param name="Histogram">The values in bars, from the smallest on.</param>
public sealed record Distribution(int Values, double Mean, double Min, double P25, double P50, double P75, double P95, double Max, IReadOnlyList<Bar> Histogram)
{
    /// <summary>The spread of finite numbers; null where there are none.</summary>
    public static Distribution? Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        if (sorted.Length == 0) return null;

        return new Distribution(
            sorted.Length,
            sorted.Average(),
            sorted[0],
            Quantile(sorted, 0.25),
            Quantile(sorted, 0.5),
            Quantile(sorted, 0.75),
            Quantile(sorted, 0.95),
            sorted[^1],
            Bars.Of(sorted));
    }

    /// <summary>A quantile, straight between the two values beside it (Hyndman and Fan's type 7).</summary>
    /// <param name="sorted">The values in order, at least one.</param>
    /// <param name="share">From 0 to 1.</param>
    public static double Quantile(IReadOnlyList<double> sorted, double share)
    {
        var place = share * (sorted.Count - 1);
        var below = (int)Math.Floor(place);
        var above = Math.Min(below + 1, sorted.Count - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }
}
