using SandQueue.Bench.Compare.Players;

namespace SandQueue.Bench.Scale;

/// <summary>Thousands of live instances, each with a client of its own, whose steps arrive at half of the rate that 256 clients reach.</summary>
internal static class OpenPart
{
    private const int PeakClients = 256;
    private const double MostP99 = 50;
    private const double MostP999 = 500;

    public static async Task<IReadOnlyList<Figure>> RunAsync(ScaleOptions options, CancellationToken cancellationToken)
    {
        await using var farm = await ScaleFarm.StartAsync(options.Burst);
        await farm.WarmUpAsync(options.WarmUp, cancellationToken);
        var peak = await farm.StepAsync(PeakClients, options.Seconds, cancellationToken);
        await using var opening = new Opening();
        await opening.AddAsync(options.Burst, _ => farm.OpenAsync(cancellationToken), cancellationToken);

        // The first step of each instance finds its owner, and each connection's buffers are new.
        await farm.ArriveAsync(opening.Players, peak.Rate / 2, options.Seconds, cancellationToken);
        var open = await farm.ArriveAsync(opening.Players, peak.Rate / 2, options.Seconds * 2, cancellationToken);
        return
        [
            new Figure("open_peak_per_s", peak.Rate),
            new Figure("open_arrivals_per_s", peak.Rate / 2),
            new Figure("open_answered_per_s", open.Rate),
            new Figure("open_p50_ms", open.P50),
            new Figure("open_p99_ms", open.P99, AtMost: MostP99),
            new Figure("open_p999_ms", open.P999, AtMost: MostP999),
        ];
    }
}
