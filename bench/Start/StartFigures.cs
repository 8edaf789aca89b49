using SandQueue.Bench.Compare.Figures;

namespace SandQueue.Bench.Start;

/// <summary>What one start cost.</summary>
/// <param name="UpSeconds">Until the processes took calls.</param>
/// <param name="FirstCreateMs">The first call of all, a Create.</param>
/// <param name="FirstSecondMs">The median of a lone client's steps in the first second.</param>
/// <param name="Fresh">A lone client's steps in the first seconds.</param>
/// <param name="Warm">The same after load.</param>
internal sealed record StartFigures(double UpSeconds, double FirstCreateMs, double FirstSecondMs, Measurement Fresh, Measurement Warm)
{
    /// <returns>The median of the latencies of calls that began within the first second, each beginning when the one before was over.</returns>
    public static double OfFirstSecond(IReadOnlyList<double> latencies)
    {
        const double Second = 1000;
        var sum = 0.0;
        return Statistics.Median(latencies.TakeWhile(latency => (sum += latency) - latency < Second));
    }

    /// <summary>Medians of all starts, by name.</summary>
    public static Dictionary<string, double> Summary(string way, IReadOnlyCollection<StartFigures> starts)
    {
        var (fresh, warm) = (Measurement.Median([.. starts.Select(start => start.Fresh)]), Measurement.Median([.. starts.Select(start => start.Warm)]));
        return new Dictionary<string, double>(StringComparer.Ordinal)
        {
            [$"{way}_up_s"] = Median(start => start.UpSeconds),
            [$"{way}_first_create_ms"] = Median(start => start.FirstCreateMs),
            [$"{way}_first_second_p50_ms"] = Median(start => start.FirstSecondMs),
            [$"{way}_fresh_p50_ms"] = Rounded(fresh.P50),
            [$"{way}_fresh_p99_ms"] = Rounded(fresh.P99),
            [$"{way}_fresh_cpu_ms_per_step"] = Rounded(fresh.ProcessorTotal),
            [$"{way}_warm_p50_ms"] = Rounded(warm.P50),
            [$"{way}_warm_p99_ms"] = Rounded(warm.P99),
            [$"{way}_warm_cpu_ms_per_step"] = Rounded(warm.ProcessorTotal),
            [$"{way}_fresh_to_warm"] = Math.Round(fresh.P50 / warm.P50, 2),
        };

        double Median(Func<StartFigures, double> figure) => Rounded(Statistics.Median(starts.Select(figure)));
    }

    private static double Rounded(double value) => Math.Round(value, 3);
}
