using System.Diagnostics.Metrics;

namespace SandQueue.Telemetry.Measures;

/// <summary>What is measured of batches.</summary>
public static class BatchMeasures
{
    private static readonly Counter<long> Items = Signals.Meter.CreateCounter<long>("sandqueue.batch.item", "{rollout}", "Rollouts of batches that ended, by their end.");

    /// <summary>A rollout came to its end.</summary>
    /// <param name="end">Which, in one word.</param>
    public static void Ended(string end) => Items.Add(1, new KeyValuePair<string, object?>(Signals.End, end));
}
