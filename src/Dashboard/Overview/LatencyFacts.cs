namespace SandQueue.Dashboard.Overview;

/// <summary>What the callers of one gateway waited.</summary>
/// <param name="Seconds">The seconds that <paramref name="Verbs"/> are of.</param>
/// <param name="Verbs">Every counted verb.</param>
/// <param name="Environments">Of the same seconds by environment, those with the most steps first.</param>
/// <param name="Tenants">Of the same seconds by tenant.</param>
/// <param name="Points">The course of the last minutes, the oldest first.</param>
public sealed record LatencyFacts(double Seconds, IReadOnlyList<VerbLatency> Verbs, IReadOnlyList<NamedLatency> Environments, IReadOnlyList<NamedLatency> Tenants, IReadOnlyList<LatencyPoint> Points)
{
    /// <summary>What trainers wait for most.</summary>
    public VerbLatency? Step => Verbs.FirstOrDefault(verb => verb.Verb == "step");

    /// <summary>The part of the course that can be drawn: the gateway ran in it, and long enough for a rate.</summary>
    public IReadOnlyList<LatencyPoint> Course => [.. Points.Where(point => point.IsDrawn)];

    /// <summary>The unit of <see cref="Times"/>: long times would not fit beside a chart in milliseconds.</summary>
    public string Unit => IsSlow ? "seconds" : "ms";

    private bool IsSlow => Points.Any(point => point.StepMsP99 >= 1000);

    /// <summary>A rate for each point of the course.</summary>
    public double[] Rates(Func<LatencyPoint, long> count) => [.. Course.Select(point => Math.Round(count(point) / point.Seconds, 2))];

    /// <summary>A duration for each point of the course; where there was no step the line lies on the ground.</summary>
    public double[] Times(Func<LatencyPoint, double?> time) => [.. Course.Select(point => (time(point) ?? 0) / (IsSlow ? 1000 : 1))];

    /// <summary>Whether nothing ended of late.</summary>
    public bool IsQuiet => Verbs.All(verb => verb is { Count: 0, Refused: 0 });
}

/// <summary>The latency of one verb's commands.</summary>
/// <param name="Verb">The verb.</param>
/// <param name="Count">Commands that ended, refused ones not among them.</param>
/// <param name="Failed">Those of them without an answer.</param>
/// <param name="Refused">Commands that did not take effect.</param>
/// <param name="MsP50">Half waited no longer; null where there was none.</param>
/// <param name="MsP99">99 of 100 waited no longer.</param>
/// <param name="Mean">Where the time of an average one went.</param>
public sealed record VerbLatency(string Verb, long Count, long Failed, long Refused, double? MsP50, double? MsP99, LatencyParts? Mean);

/// <summary>The latency of the creates and steps of one environment or tenant.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Creates">Creates that ended.</param>
/// <param name="CreateMsP50">Half waited no longer; null where there was none.</param>
/// <param name="CreateMsP99">99 of 100 waited no longer.</param>
/// <param name="Steps">Steps that ended.</param>
/// <param name="StepMsP50">Half waited no longer; null where there was none.</param>
/// <param name="StepMsP99">99 of 100 waited no longer.</param>
public sealed record NamedLatency(string Name, long Creates, double? CreateMsP50, double? CreateMsP99, long Steps, double? StepMsP50, double? StepMsP99);

/// <summary>Where the time of an average command went.</summary>
/// <param name="QueueMs">To its worker and back.</param>
/// <param name="WaitingMs">At its worker, for its turn.</param>
/// <param name="EnvironmentMs">In the environment.</param>
/// <param name="JournalMs">Until the journal's commit.</param>
public sealed record LatencyParts(double QueueMs, double WaitingMs, double EnvironmentMs, double JournalMs)
{
    /// <summary>The names of the parts, in the order in which a command passes them.</summary>
    public static IReadOnlyList<string> Names { get; } = ["queue", "waiting", "environment", "journal"];

    /// <summary>The parts with their names.</summary>
    internal IEnumerable<(string Name, double Ms)> Named => Names.Zip([QueueMs, WaitingMs, EnvironmentMs, JournalMs]);

    /// <summary>The greatest of them, and its part of the whole.</summary>
    internal (string Name, double Part) Greatest => Named.MaxBy(part => part.Ms) is var most && most.Ms > 0 ? (most.Name, most.Ms / Named.Sum(part => part.Ms)) : ("nothing", 0);
}

/// <summary>Some seconds of the course.</summary>
/// <param name="At">When they began.</param>
/// <param name="Seconds">How many they are; 0 before the gateway started.</param>
/// <param name="Creates">Creates that ended in them.</param>
/// <param name="Steps">Steps that ended in them.</param>
/// <param name="StepMsP50">Null where there was no step.</param>
/// <param name="StepMsP99">Null where there was no step.</param>
public sealed record LatencyPoint(DateTimeOffset At, double Seconds, long Creates, long Steps, double? StepMsP50, double? StepMsP99)
{
    /// <summary>A rate over less than this says little.</summary>
    private const double Least = 2;

    /// <summary>Whether there is anything to draw: the gateway ran, and long enough.</summary>
    internal bool IsDrawn => Seconds >= Least;
}
