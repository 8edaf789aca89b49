namespace SandQueue.Routing.Observation.Latency;

/// <summary>What was counted of one name in the last minute: by slots, each with a counter for each bucket of creates and of steps.</summary>
internal sealed class NamedCounts
{
    /// <summary>Creates and steps: what trainers wait for.</summary>
    public const int Verbs = LatencyVerb.Step + 1;

    private readonly SlotRing<int[]> _ring = new(CommandLatency.Recent);

    public void Add(int verb, int bucket, long number)
    {
        var counts = _ring.Of(number, static () => new int[Verbs * LatencyBuckets.Count]);
        Interlocked.Increment(ref counts[(verb * LatencyBuckets.Count) + bucket]);
    }

    /// <summary>Whether anything was counted in the last minute, or a moment later by another thread.</summary>
    /// <param name="newest">The number of its newest slot.</param>
    public bool IsRecent(long newest) => Recent(newest).Any() || _ring.Find(newest + 1) is not null;

    public NamedLatency Of(string name, long newest)
    {
        long[][] totals = [.. Enumerable.Range(0, Verbs).Select(_ => new long[LatencyBuckets.Count])];
        foreach (var counts in Recent(newest))
        {
            for (var index = 0; index < counts.Length; index++) totals[index / LatencyBuckets.Count][index % LatencyBuckets.Count] += Volatile.Read(ref counts[index]);
        }

        var (creates, steps) = (totals[LatencyVerb.Create], totals[LatencyVerb.Step]);
        return new NamedLatency(
            name, creates.Sum(), LatencyBuckets.Rounded(creates, 0.5), LatencyBuckets.Rounded(creates, 0.99), steps.Sum(), LatencyBuckets.Rounded(steps, 0.5), LatencyBuckets.Rounded(steps, 0.99));
    }

    private IEnumerable<int[]> Recent(long newest) =>
        Enumerable.Range(0, CommandLatency.Recent).Select(back => _ring.Find(newest - back)).OfType<int[]>();
}
