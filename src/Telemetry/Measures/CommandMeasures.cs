using System.Diagnostics.Metrics;
using SandQueue.Contracts;

namespace SandQueue.Telemetry.Measures;

/// <summary>What is measured of commands.</summary>
public static class CommandMeasures
{
    private static readonly Histogram<double> Durations = Signals.CreateSeconds("sandqueue.command.duration", "From a command's arrival at the command core to its end there, resends included.");

    private static readonly Histogram<double> QueueTimes = Signals.CreateSeconds(
        "sandqueue.command.queue_time", "Part of a completed command's duration that its worker does not account for: both queues, sending, resending.");

    private static readonly Counter<long> Duplicates = Signals.Meter.CreateCounter<long>("sandqueue.command.duplicate", "{command}", "Commands that came again and got the end they had.");

    private static readonly Counter<long> Missing = Signals.Meter.CreateCounter<long>("sandqueue.reward.missing", "{command}", "Steps and evaluations that failed, and so have no reward.");

    /// <summary>Whether anybody listens to what <see cref="Ended"/> says.</summary>
    public static bool AreRead => Durations.Enabled || QueueTimes.Enabled || Missing.Enabled;

    /// <summary>A command ended for its caller.</summary>
    /// <param name="command">The command.</param>
    /// <param name="environment">Its environment; null where it is not known.</param>
    /// <param name="end">How it ended, in one word.</param>
    /// <param name="cause">Who caused that it has no answer; null where it has one, or was refused.</param>
    /// <param name="duration">How long its caller waited.</param>
    /// <param name="timing">What its worker accounts for; null where it did not complete.</param>
    public static void Ended(Command command, string? environment, string end, string? cause, TimeSpan duration, CommandTiming? timing)
    {
        var verb = new KeyValuePair<string, object?>(Signals.Verb, CommandVerb.Of(command));
        var of = new KeyValuePair<string, object?>(Signals.Environment, environment ?? Signals.UnknownEnvironment);
        Durations.Record(duration.TotalSeconds, verb, of, new(Signals.End, end));
        if (cause is not null && command is StepInstance or EvaluateInstance) Missing.Add(1, verb, of, new(Signals.Cause, cause));

        // An end that was looked up has no timing.
        var accounted = timing is null ? 0 : timing.Waiting + timing.Environment + timing.Journal;
        if (accounted > 0) QueueTimes.Record(Math.Max(0, duration.TotalSeconds - (accounted / 1000)), verb, of);
    }

    /// <summary>A command came again.</summary>
    /// <param name="command">The command.</param>
    /// <param name="found">Where its end was: <c>running</c> or <c>journal</c>.</param>
    public static void CameAgain(Command command, string found)
    {
        if (Duplicates.Enabled) Duplicates.Add(1, new(Signals.Verb, CommandVerb.Of(command)), new("found", found));
    }
}
