namespace SandQueue.Rollouts.Statistics;

/// <summary>The bars of a histogram: one for each value where there are few different ones, as of rewards that are 0 or 1; else twenty of one width.</summary>
internal static class Bars
{
    private const int Most = 20;

    /// <param name="sorted">Finite values in order, at least one.</param>
    public static IReadOnlyList<Bar> Of(double[] sorted)
    {
        var own = sorted.Distinct().Take(Most + 1).Count();
        return own <= Most ? [.. sorted.GroupBy(value => value).Select(same => new Bar(same.Key, same.Key, same.Count()))] : OfOneWidth(sorted);
    }

    private static Bar[] OfOneWidth(double[] sorted)
    {
        var (low, high) = (sorted[0], sorted[^1]);
        // Divided first: the distance of two finite numbers may not be one.
        var width = (high / Most) - (low / Most);
        var counts = new int[Most];
        foreach (var value in sorted) counts[Math.Clamp((int)((value / width) - (low / width)), 0, Most - 1)]++;
        return [.. counts.Select((count, i) => new Bar(low + (i * width), i == Most - 1 ? high : low + ((i + 1) * width), count))];
    }
}
