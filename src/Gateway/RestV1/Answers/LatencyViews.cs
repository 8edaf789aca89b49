using System.ComponentModel;
using SandQueue.Routing.Observation.Latency;

namespace SandQueue.Gateway.RestV1.Answers;

[Description("Where the time of an average completed command went")]
internal sealed record LatencyPartsView(
    [property: Description("What its worker does not account for: both queues, sending, resending, and what the gateway itself does")] double QueueMs,
    [property: Description("At its worker, behind other commands of its instance or for a slot")] double WaitingMs,
    double EnvironmentMs,
    [property: Description("Until the journal's commit")] double JournalMs);

internal sealed record VerbLatencyView(
    [property: Description("create, step, evaluate or release")] string Verb,
    [property: Description("Commands that ended for their callers; refused ones are not among them")] long Count,
    [property: Description("Those of them that have no answer: failed, expired, cancelled, or given up by their callers")] long Failed,
    [property: Description("Commands that were refused before they took effect")] long Refused,
    [property: Description("Half waited no longer, to an eighth; null where there was none")] double? MsP50,
    [property: Description("99 of 100 waited no longer")] double? MsP99,
    LatencyPartsView? Mean);

internal sealed record NamedLatencyView(
    [property: Description("Of the environment or the tenant; (others) are those beyond a hundred; unknown, an environment that nobody said, for no worker answered")] string Name,
    [property: Description("Creates that ended for their callers; refused ones are not among them")] long Creates,
    [property: Description("Half waited no longer; null where there was none")] double? CreateMsP50,
    double? CreateMsP99,
    long Steps,
    double? StepMsP50,
    double? StepMsP99);

internal sealed record LatencyPointView(
    DateTimeOffset At,
    [property: Description("10; fewer where they are not over yet or the gateway started in them, 0 where it had not")] double Seconds,
    long Creates,
    long Steps,
    double? StepMsP50,
    double? StepMsP99);

internal sealed record LatencyView(
    [property: Description("Seconds that are counted, at most 60: the newest ten are not over yet")] double Seconds,
    IReadOnlyList<VerbLatencyView> Verbs,
    [property: Description("Of the same seconds by environment, those with the most steps first")] IReadOnlyList<NamedLatencyView> Environments,
    [property: Description("Of the same seconds by tenant")] IReadOnlyList<NamedLatencyView> Tenants,
    [property: Description("The last five minutes by pieces of 10 s, the oldest first")] IReadOnlyList<LatencyPointView> Points)
{
    public static LatencyView Of(LatencyReading reading) => new(
        reading.Seconds,
        [.. reading.Verbs.Select(verb => new VerbLatencyView(verb.Verb, verb.Count, verb.Failed, verb.Refused, verb.P50, verb.P99, Of(verb.Mean)))],
        Of(reading.Environments),
        Of(reading.Tenants),
        [.. reading.Points.Select(point => new LatencyPointView(point.At, point.Seconds, point.Creates, point.Steps, point.StepP50, point.StepP99))]);

    private static List<NamedLatencyView> Of(IReadOnlyList<NamedLatency> named) =>
        [.. named.Select(one => new NamedLatencyView(one.Name, one.Creates, one.CreateP50, one.CreateP99, one.Steps, one.StepP50, one.StepP99))];

    private static LatencyPartsView? Of(LatencyParts? mean) => mean is null ? null : new LatencyPartsView(mean.Queue, mean.Waiting, mean.Environment, mean.Journal);
}
