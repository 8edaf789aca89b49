using SandQueue.Contracts;
using SandQueue.Routing.Outcomes;
using SandQueue.Telemetry;

namespace SandQueue.Routing.Observation.Latency;

/// <summary>
/// What the callers of this process wait, always counted, whoever measures or does not: a ring of ten-second slots with a counter for each bucket of
/// durations. A command costs it some increments, and memory has a bound. It ends with the process.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="label">What an environment is counted as that a caller named: callers may name any.</param>
public sealed class CommandLatency(TimeProvider time, Func<string, string> label)
{
    /// <summary>What a slot is of.</summary>
    internal static readonly TimeSpan SlotLength = TimeSpan.FromSeconds(10);

    /// <summary>Slots that count for the verbs' figures: a minute, the last slot not full yet.</summary>
    internal const int Recent = 6;

    /// <summary>Slots of the course: five minutes.</summary>
    internal const int Slots = 30;

    private readonly LatencyNames _environments = new();
    private readonly LatencyNames _tenants = new();
    private readonly SlotRing<LatencySlot> _ring = new(Slots);
    private readonly long _ticksPerSlot = (long)(SlotLength.TotalSeconds * time.TimestampFrequency);
    private readonly double _nanosecondsPerTick = 1e9 / time.TimestampFrequency;
    private readonly long _began = time.GetTimestamp();

    /// <summary>The figures now.</summary>
    public LatencyReading Read()
    {
        var now = time.GetTimestamp();
        var newest = now / _ticksPerSlot;
        var slots = Enumerable.Range(0, Slots).Select(index => (Number: newest - Slots + 1 + index, Slot: _ring.Find(newest - Slots + 1 + index))).ToList();
        var totals = Enumerable.Range(0, LatencyVerb.Count).Select(verb => Total(slots.TakeLast(Recent).Select(slot => slot.Slot), verb).Of(LatencyVerb.Names[verb]));
        var first = Math.Max((newest - Recent + 1) * _ticksPerSlot, _began);
        var present = time.GetUtcNow();
        return new LatencyReading(
            Math.Round(time.GetElapsedTime(first, now).TotalSeconds, 1),
            [.. totals],
            _environments.Read(newest),
            _tenants.Read(newest),
            [.. slots.Select(slot => Point(slot.Number, slot.Slot, now, present))]);
    }

    /// <summary>A command ended for its caller.</summary>
    /// <param name="command">The command.</param>
    /// <param name="outcome">Null where its caller gave it up, or the database could not be reached.</param>
    /// <param name="began">The clock's timestamp at its arrival.</param>
    internal void Ended(Command command, CommandOutcome? outcome, long began)
    {
        var verb = LatencyVerb.Of(command);
        if (verb < 0) return;
        var now = time.GetTimestamp();
        var number = now / _ticksPerSlot;
        var slot = _ring.Of(number, static () => new LatencySlot());
        if (outcome is CommandOutcome.Rejected)
        {
            slot.AddRefused(verb);
            return;
        }

        var nanoseconds = (long)((now - began) * _nanosecondsPerTick);
        var bucket = LatencyBuckets.Of(nanoseconds);
        slot.Add(verb, bucket, nanoseconds, (outcome as CommandOutcome.Completed)?.Timing);
        _tenants.Add(command.Tenant, verb, bucket, number);
        _environments.Add(EnvironmentOf(command, outcome), verb, bucket, number);
    }

    /// <summary>What a worker says, or a Create names. Of a step that no worker answered nobody says it: those are together under a name of their own, for they are the slowest.</summary>
    private string EnvironmentOf(Command command, CommandOutcome? outcome) => outcome?.Environment ?? (command is CreateInstance create ? label(create.EnvType) : Signals.UnknownEnvironment);

    private static LatencyTotal Total(IEnumerable<LatencySlot?> slots, int verb)
    {
        var total = new LatencyTotal();
        foreach (var slot in slots) slot?.AddTo(total, verb);
        return total;
    }

    private LatencyPoint Point(long number, LatencySlot? slot, long now, DateTimeOffset present)
    {
        var (begin, end) = (number * _ticksPerSlot, Math.Min((number + 1) * _ticksPerSlot, now));
        var seconds = Math.Max(0, time.GetElapsedTime(Math.Max(begin, _began), end).TotalSeconds);
        var steps = Total([slot], LatencyVerb.Step);
        return new LatencyPoint(
            present - time.GetElapsedTime(begin, now), Math.Round(seconds, 1), Total([slot], LatencyVerb.Create).Counts.Sum(), steps.Counts.Sum(), steps.Quantile(0.5), steps.Quantile(0.99));
    }
}
