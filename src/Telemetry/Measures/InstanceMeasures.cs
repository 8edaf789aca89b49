using System.Diagnostics.Metrics;

namespace SandQueue.Telemetry.Measures;

/// <summary>What is measured of instances and their episodes at their worker.</summary>
public static class InstanceMeasures
{
    /// <summary>How episodes end whose reason is a text of the environment's own: those are no closed set.</summary>
    private const string OtherReason = "other";

    /// <summary>The cause of an end that nobody failed.</summary>
    private const string NoCause = "none";

    private static readonly HashSet<string> Reasons = new(StringComparer.Ordinal) { "terminated", "max_steps", "success", "failure", "lost", "diverged" };

    private static readonly Counter<long> Episodes = Signals.Meter.CreateCounter<long>("sandqueue.episode.ended", "{episode}", "Episodes that came to their end: by a step, or because their instance was lost.");

    private static readonly Histogram<double> Recoveries = Signals.CreateSeconds("sandqueue.recovery.duration", "One rebuild of an instance from its journal, the wait for its slot included.");

    private static readonly Counter<long> Takeovers = Signals.Meter.CreateCounter<long>("sandqueue.lease.takeover", "{instance}", "Instances taken over because their owner's lease had ended.");

    /// <summary>An episode came to its end.</summary>
    /// <param name="environment">Its environment.</param>
    /// <param name="reason">Why; a text that is not among the known ones counts as <c>other</c>.</param>
    /// <param name="cause">Who failed it; null where nobody did.</param>
    public static void EpisodeEnded(string environment, string reason, string? cause)
    {
        if (!Episodes.Enabled) return;
        Episodes.Add(1, new(Signals.Environment, environment), new("end_reason", Reasons.Contains(reason) ? reason : OtherReason), new(Signals.Cause, cause ?? NoCause));
    }

    /// <summary>A rebuild ended.</summary>
    /// <param name="environment">The instance's environment.</param>
    /// <param name="outcome">How, in one word.</param>
    /// <param name="duration">How long it took.</param>
    public static void Recovered(string environment, string outcome, TimeSpan duration) =>
        Recoveries.Record(duration.TotalSeconds, new(Signals.Environment, environment), new("outcome", outcome));

    /// <summary>An instance was taken over.</summary>
    public static void TakenOver(string environment) => Takeovers.Add(1, new KeyValuePair<string, object?>(Signals.Environment, environment));
}
