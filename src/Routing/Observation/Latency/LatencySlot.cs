using SandQueue.Contracts;

namespace SandQueue.Routing.Observation.Latency;

/// <summary>
/// What was counted in some seconds, of all verbs. It is written by many at once and read without a lock: a reader may miss the commands that end at that
/// moment.
/// </summary>
internal sealed class LatencySlot
{
    /// <summary>A cache line for each verb.</summary>
    private const int Sums = 8;
    private const int Failed = 0;
    private const int Refused = 1;
    private const int Timed = 2;
    private const int Total = 3;
    private const int Waiting = 4;
    private const int Environment = 5;
    private const int Journal = 6;

    private readonly int[] _buckets = new int[LatencyVerb.Count * LatencyBuckets.Count];
    private readonly long[] _sums = new long[LatencyVerb.Count * Sums];

    /// <summary>A command that was taken and ended.</summary>
    /// <param name="verb">Its verb.</param>
    /// <param name="bucket">The bucket of how long its caller waited.</param>
    /// <param name="nanoseconds">How long that was.</param>
    /// <param name="timing">What its worker accounts for; null where it has no answer.</param>
    public void Add(int verb, int bucket, long nanoseconds, CommandTiming? timing)
    {
        Interlocked.Increment(ref _buckets[(verb * LatencyBuckets.Count) + bucket]);
        var sums = _sums.AsSpan(verb * Sums, Sums);
        if (timing is null)
        {
            Interlocked.Increment(ref sums[Failed]);
            return;
        }

        // An end that was looked up has no timing: its time went nowhere that is named.
        if (timing.Waiting + timing.Environment + timing.Journal <= 0) return;
        Interlocked.Increment(ref sums[Timed]);
        Interlocked.Add(ref sums[Total], nanoseconds);
        Interlocked.Add(ref sums[Waiting], Nanoseconds(timing.Waiting));
        Interlocked.Add(ref sums[Environment], Nanoseconds(timing.Environment));
        Interlocked.Add(ref sums[Journal], Nanoseconds(timing.Journal));
    }

    /// <summary>A command that was refused before it took effect: at once, so that its time would only hide the others'.</summary>
    public void AddRefused(int verb) => Interlocked.Increment(ref _sums[(verb * Sums) + Refused]);

    /// <summary>Adds what was counted of a verb to figures.</summary>
    public void AddTo(LatencyTotal total, int verb)
    {
        for (var bucket = 0; bucket < LatencyBuckets.Count; bucket++) total.Counts[bucket] += Volatile.Read(ref _buckets[(verb * LatencyBuckets.Count) + bucket]);
        var sums = _sums.AsSpan(verb * Sums, Sums);
        total.Failed += Volatile.Read(ref sums[Failed]);
        total.Refused += Volatile.Read(ref sums[Refused]);
        total.Timed += Volatile.Read(ref sums[Timed]);
        total.Total += Volatile.Read(ref sums[Total]);
        total.Waiting += Volatile.Read(ref sums[Waiting]);
        total.Environment += Volatile.Read(ref sums[Environment]);
        total.Journal += Volatile.Read(ref sums[Journal]);
    }

    private static long Nanoseconds(double milliseconds) => (long)(milliseconds * 1e6);
}
