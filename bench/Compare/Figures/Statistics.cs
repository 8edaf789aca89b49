namespace SandQueue.Bench.Compare.Figures;

/// <summary>Medians and percentiles.</summary>
internal static class Statistics
{
    /// <returns>The smallest value that this share of all values does not exceed; 0 of none.</returns>
    public static double Percentile(ReadOnlySpan<double> sorted, double share) => sorted.IsEmpty ? 0 : sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];

    /// <returns>The value in the middle, or between the two in the middle; 0 of none.</returns>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? 0 : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
