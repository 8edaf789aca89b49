using System.Numerics;

namespace SandQueue.Routing.Observation.Latency;

/// <summary>
/// Buckets of durations, eight to each doubling, from 8 µs to 137 s: a quantile that is read from their counts is at most an eighth off, and where a
/// duration belongs is a few shifts of bits.
/// </summary>
internal static class LatencyBuckets
{
    /// <summary>How many there are.</summary>
    public const int Count = Octaves * PerOctave;

    private const int Lowest = 13;
    private const int Octaves = 24;
    private const int Bits = 3;
    private const int PerOctave = 1 << Bits;

    /// <summary>The bucket of a duration in nanoseconds; what is shorter or longer than all is in the first or the last.</summary>
    public static int Of(long nanoseconds)
    {
        if (nanoseconds < 1L << Lowest) return 0;
        var exponent = BitOperations.Log2((ulong)nanoseconds);
        if (exponent >= Lowest + Octaves) return Count - 1;
        return ((exponent - Lowest) * PerOctave) + ((int)(nanoseconds >> (exponent - Bits)) & (PerOctave - 1));
    }

    /// <summary>The duration, in milliseconds, that this part of what was counted did not exceed; null where nothing was counted.</summary>
    /// <param name="counts">How many durations each bucket has.</param>
    /// <param name="part">0 to 1.</param>
    public static double? Quantile(ReadOnlySpan<long> counts, double part)
    {
        var all = 0L;
        foreach (var count in counts) all += count;
        if (all == 0) return null;
        var (rank, below) = (Math.Max(1, Math.Ceiling(part * all)), 0L);
        for (var bucket = 0; ; bucket++)
        {
            if (below + counts[bucket] >= rank) return Milliseconds(bucket, (rank - below - 0.5) / counts[bucket]);
            below += counts[bucket];
        }
    }

    /// <summary>The same, to a microsecond.</summary>
    public static double? Rounded(ReadOnlySpan<long> counts, double part) => Quantile(counts, part) is { } found ? Math.Round(found, 3) : null;

    /// <summary>A point within a bucket, whose durations are taken for evenly spread.</summary>
    private static double Milliseconds(int bucket, double within)
    {
        var octave = (double)(1L << (Lowest + (bucket / PerOctave)));
        return octave * (1 + (((bucket % PerOctave) + within) / PerOctave)) / 1e6;
    }
}
