namespace SandQueue.Routing.Observation.Latency;

/// <summary>What was counted of one name in the last minute: a ring with a place for each slot, of which each is put anew when its turn comes.</summary>
internal sealed class NamedCounts
{
    /// <summary>Creates and steps: what trainers wait for.</summary>
    public const int Verbs = LatencyVerb.Step + 1;

    private readonly Slot?[] _ring = new Slot?[CommandLatency.Recent];

    public void Add(int verb, int bucket, long number)
    {
        ref var place = ref _ring[number % CommandLatency.Recent];
        var found = Volatile.Read(ref place);
        if (found?.Number != number)
        {
            // Of several that find a slot over, one puts the next there, and all count into it.
            var fresh = new Slot(number);
            var before = Interlocked.CompareExchange(ref place, fresh, found);
            found = before == found ? fresh : before!;
        }

        Interlocked.Increment(ref found.Counts[(verb * LatencyBuckets.Count) + bucket]);
    }

    /// <summary>Whether anything was counted in the last minute.</summary>
    /// <param name="newest">The number of its newest slot.</param>
    public bool IsRecent(long newest) => Recent(newest).Any();

    public NamedLatency Of(string name, long newest)
    {
        long[][] totals = [.. Enumerable.Range(0, Verbs).Select(_ => new long[LatencyBuckets.Count])];
        foreach (var slot in Recent(newest))
        {
            for (var index = 0; index < slot.Counts.Length; index++) totals[index / LatencyBuckets.Count][index % LatencyBuckets.Count] += Volatile.Read(ref slot.Counts[index]);
        }

        var (creates, steps) = (totals[LatencyVerb.Create], totals[LatencyVerb.Step]);
        return new NamedLatency(
            name, creates.Sum(), LatencyBuckets.Rounded(creates, 0.5), LatencyBuckets.Rounded(creates, 0.99), steps.Sum(), LatencyBuckets.Rounded(steps, 0.5), LatencyBuckets.Rounded(steps, 0.99));
    }

    private IEnumerable<Slot> Recent(long newest)
    {
        for (var place = 0; place < _ring.Length; place++)
        {
            if (Volatile.Read(ref _ring[place]) is { } slot && slot.Number > newest - CommandLatency.Recent) yield return slot;
        }
    }

    private sealed class Slot(long number)
    {
        public long Number => number;

        public int[] Counts { get; } = new int[Verbs * LatencyBuckets.Count];
    }
}
