namespace SandQueue.Routing.Observation.Latency;

/// <summary>What callers of this process waited of late.</summary>
/// <param name="Seconds">The seconds that <paramref name="Verbs"/> are of.</param>
/// <param name="Verbs">Every counted verb, in the order of an episode.</param>
/// <param name="Environments">Of the same seconds, by environment, those with the most steps first; steps that no worker answered are <c>unknown</c>.</param>
/// <param name="Tenants">Of the same seconds, by tenant.</param>
/// <param name="Points">The course of the last minutes, the oldest first.</param>
public sealed record LatencyReading(
    double Seconds, IReadOnlyList<VerbLatency> Verbs, IReadOnlyList<NamedLatency> Environments, IReadOnlyList<NamedLatency> Tenants, IReadOnlyList<LatencyPoint> Points);

/// <summary>The latency of the creates and steps of one environment or tenant; refused ones are not among them.</summary>
/// <param name="Name">Its name; <c>(others)</c> are those beyond a hundred.</param>
/// <param name="Creates">Creates that ended.</param>
/// <param name="CreateP50">Milliseconds; null where there was none.</param>
/// <param name="CreateP99">Milliseconds.</param>
/// <param name="Steps">Steps that ended.</param>
/// <param name="StepP50">Milliseconds; null where there was none.</param>
/// <param name="StepP99">Milliseconds.</param>
public sealed record NamedLatency(string Name, long Creates, double? CreateP50, double? CreateP99, long Steps, double? StepP50, double? StepP99);

/// <summary>The latency of a verb's commands, from their arrival at the command core to their end there.</summary>
/// <param name="Verb">The verb.</param>
/// <param name="Count">Commands that ended, refused ones not among them.</param>
/// <param name="Failed">Those of them that have no answer.</param>
/// <param name="Refused">Commands that were refused before they took effect.</param>
/// <param name="P50">Milliseconds that half of <paramref name="Count"/> did not exceed; null where there was none.</param>
/// <param name="P99">Milliseconds that 99 of 100 did not exceed.</param>
/// <param name="Mean">Where the time of a completed one went; null where there was none.</param>
public sealed record VerbLatency(string Verb, long Count, long Failed, long Refused, double? P50, double? P99, LatencyParts? Mean);

/// <summary>Where the time of an average command went, in milliseconds.</summary>
/// <param name="Queue">What its worker does not account for: both queues, sending, resending.</param>
/// <param name="Waiting">At its worker behind other commands of its instance, or for a slot.</param>
/// <param name="Environment">In the environment.</param>
/// <param name="Journal">Until the journal's commit.</param>
public sealed record LatencyParts(double Queue, double Waiting, double Environment, double Journal);

/// <summary>Some seconds of the course.</summary>
/// <param name="At">When they began.</param>
/// <param name="Seconds">How many: fewer where the last are not over, or the process began in them.</param>
/// <param name="Creates">Creates that ended in them.</param>
/// <param name="Steps">Steps that ended in them.</param>
/// <param name="StepP50">Milliseconds; null where there was no step.</param>
/// <param name="StepP99">Milliseconds.</param>
public sealed record LatencyPoint(DateTimeOffset At, double Seconds, long Creates, long Steps, double? StepP50, double? StepP99);
