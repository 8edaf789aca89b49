using System.Diagnostics.Metrics;

namespace SandQueue.Telemetry.Measures;

/// <summary>What is measured of the starts of containers.</summary>
public static class ContainerMeasures
{
    private static readonly Histogram<double> Starts = Signals.CreateSeconds("sandqueue.container.start.duration", "From the start of an environment's container or process to its first healthy answer.");

    /// <summary>A start ended.</summary>
    /// <param name="environment">The environment.</param>
    /// <param name="isReady">False where it could not be started.</param>
    /// <param name="duration">How long it took.</param>
    public static void Started(string environment, bool isReady, TimeSpan duration) =>
        Starts.Record(duration.TotalSeconds, new(Signals.Environment, environment), new(Signals.End, isReady ? "ready" : "failed"));
}
