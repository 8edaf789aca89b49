namespace SandQueue.FaultRuns;

/// <summary>What commands took, tries and waits included.</summary>
public sealed record LatencyFigures(int Commands, double P50Ms, double P99Ms, double SlowestSeconds)
{
    internal static LatencyFigures Of(IEnumerable<double> milliseconds)
    {
        double[] sorted = [.. milliseconds.Order()];
        return sorted.Length == 0 ? new LatencyFigures(0, 0, 0, 0) : new LatencyFigures(sorted.Length, Percentile(0.5), Percentile(0.99), Math.Round(sorted[^1] / 1000, 1));

        double Percentile(double share) => Math.Round(sorted[(int)((sorted.Length - 1) * share)], 1);
    }
}
