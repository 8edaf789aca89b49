using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace SandQueue.Telemetry;

/// <summary>
/// The meter and the source of spans of all of SandQueue. They belong to the process: an instrument that nobody listens to costs a look at a field. Labels
/// are closed sets and the names of served environments, never an id, a tenant or the name of a queue.
/// </summary>
public static class Signals
{
    /// <summary>What the meter and the source of spans are called.</summary>
    public const string Name = "SandQueue";

    /// <summary>Label: the environment that a command, an instance or a container is of.</summary>
    public const string Environment = "environment";

    /// <summary>What <see cref="Environment"/> is where nobody knows it: for a command that was refused before it reached an instance.</summary>
    public const string UnknownEnvironment = "unknown";

    /// <summary>Label: what kind of command it is.</summary>
    public const string Verb = "verb";

    /// <summary>Label: how it ended.</summary>
    public const string End = "end";

    /// <summary>Label: who caused it.</summary>
    public const string Cause = "cause";

    /// <summary>Label: in which of its states something is.</summary>
    public const string State = "state";

    /// <summary>From a step on a quiet machine, 0.2 ms, to a Create that waits for its slot, a minute.</summary>
    internal static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    };

    internal static readonly Meter Meter = new(Name);

    internal static readonly ActivitySource Source = new(Name);

    /// <summary>A duration in seconds as a label-free number of the monotonic clock.</summary>
    internal static Histogram<double> CreateSeconds(string name, string description) => Meter.CreateHistogram(name, "s", description, tags: null, Seconds);
}
