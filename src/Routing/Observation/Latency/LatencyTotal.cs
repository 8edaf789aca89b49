namespace SandQueue.Routing.Observation.Latency;

/// <summary>What several slots have of one verb, times in nanoseconds.</summary>
internal sealed class LatencyTotal
{
    public long[] Counts { get; } = new long[LatencyBuckets.Count];

    public long Failed { get; set; }

    public long Refused { get; set; }

    public long Timed { get; set; }

    public long Total { get; set; }

    public long Waiting { get; set; }

    public long Environment { get; set; }

    public long Journal { get; set; }

    /// <summary>The figures of the verb.</summary>
    public VerbLatency Of(string verb) => new(verb, Counts.Sum(), Failed, Refused, Quantile(0.5), Quantile(0.99), Timed == 0 ? null : new LatencyParts(
        Mean(Math.Max(0, Total - Waiting - Environment - Journal)), Mean(Waiting), Mean(Environment), Mean(Journal)));

    public double? Quantile(double part) => LatencyBuckets.Rounded(Counts, part);

    private double Mean(long nanoseconds) => Math.Round(nanoseconds / 1e6 / Timed, 3);
}
