using System.Diagnostics.Metrics;

namespace SandQueue.Telemetry.Measures;

/// <summary>What is measured of the journal's commits.</summary>
public static class JournalMeasures
{
    private static readonly Histogram<double> Durations = Signals.CreateSeconds("sandqueue.journal.commit.duration", "One commit of the journal, with all rows that shared it.");

    private static readonly Histogram<long> Sizes = Signals.Meter.CreateHistogram(
        "sandqueue.journal.commit.size", "{row}", "Rows in one commit of the journal.", tags: null, new InstrumentAdvice<long> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256] });

    /// <summary>Whether anybody listens.</summary>
    public static bool AreRead => Durations.Enabled || Sizes.Enabled;

    /// <summary>A commit ended.</summary>
    /// <param name="rows">Its rows.</param>
    /// <param name="duration">How long it took.</param>
    /// <param name="isCommitted">False where the database failed it, and it is tried again or its rows fail.</param>
    public static void Committed(int rows, TimeSpan duration, bool isCommitted)
    {
        var end = new KeyValuePair<string, object?>(Signals.End, isCommitted ? "committed" : "failed");
        Durations.Record(duration.TotalSeconds, end);
        Sizes.Record(rows, end);
    }
}
