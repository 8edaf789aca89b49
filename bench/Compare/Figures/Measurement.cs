namespace SandQueue.Bench.Compare.Figures;

/// <summary>The figures of one measurement.</summary>
/// <param name="Rate">Units a second.</param>
/// <param name="P50">The median latency of a call, in milliseconds; likewise the others.</param>
/// <param name="P99">What 99 of 100 calls were below.</param>
/// <param name="P999">What 999 of 1,000 calls were below.</param>
/// <param name="Processor">Milliseconds of processor time a unit, by part.</param>
internal sealed record Measurement(double Rate, double P50, double P99, double P999, IReadOnlyDictionary<string, double> Processor)
{
    /// <summary>Milliseconds of processor time a unit, of all parts.</summary>
    public double ProcessorTotal => Processor.Values.Sum();

    /// <param name="units">What was done: steps, rows, episodes, instances.</param>
    /// <param name="seconds">In this time.</param>
    /// <param name="latencies">Of the calls, in milliseconds.</param>
    /// <param name="before">Processor time used before, by part, in milliseconds.</param>
    /// <param name="after">And after.</param>
    public static Measurement Of(int units, double seconds, IReadOnlyList<double> latencies, IReadOnlyDictionary<string, double> before, IReadOnlyDictionary<string, double> after)
    {
        double[] sorted = [.. latencies.Order()];
        return new Measurement(
            units / seconds,
            Statistics.Percentile(sorted, .5),
            Statistics.Percentile(sorted, .99),
            Statistics.Percentile(sorted, .999),
            after.ToDictionary(part => part.Key, part => units == 0 ? 0 : (part.Value - before.GetValueOrDefault(part.Key)) / units, StringComparer.Ordinal));
    }

    /// <summary>The median of each figure by itself.</summary>
    public static Measurement Median(IReadOnlyCollection<Measurement> repeats) => new(
        Statistics.Median(repeats.Select(one => one.Rate)),
        Statistics.Median(repeats.Select(one => one.P50)),
        Statistics.Median(repeats.Select(one => one.P99)),
        Statistics.Median(repeats.Select(one => one.P999)),
        repeats.First().Processor.Keys.ToDictionary(part => part, part => Statistics.Median(repeats.Select(one => one.Processor.GetValueOrDefault(part))), StringComparer.Ordinal));
}
