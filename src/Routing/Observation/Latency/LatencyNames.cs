using System.Collections.Concurrent;

namespace SandQueue.Routing.Observation.Latency;

/// <summary>What was counted in some seconds by a name: of a tenant, or of an environment. Memory has a bound, however many names there are.</summary>
internal sealed class LatencyNames
{
    /// <summary>What the names beyond <see cref="Most"/> are counted as. No tenant and no environment can be called so.</summary>
    public const string Others = "(others)";

    /// <summary>Names that have counters of their own.</summary>
    public const int Most = 100;

    /// <summary>Creates and steps: what trainers wait for.</summary>
    private const int Verbs = LatencyVerb.Step + 1;

    private readonly ConcurrentDictionary<string, int[]> _counts = new(StringComparer.Ordinal);

    /// <summary>The names so far.</summary>
    public IEnumerable<string> Names => _counts.Keys;

    /// <summary>A command ended; one of another verb is not counted.</summary>
    /// <param name="name">Whose it is, or what it is of.</param>
    /// <param name="verb">Its verb.</param>
    /// <param name="bucket">The bucket of its duration.</param>
    public void Add(string name, int verb, int bucket)
    {
        if (verb >= Verbs) return;
        if (!_counts.TryGetValue(name, out var counts)) counts = _counts.GetOrAdd(_counts.Count < Most ? name : Others, static _ => new int[Verbs * LatencyBuckets.Count]);
        Interlocked.Increment(ref counts[(verb * LatencyBuckets.Count) + bucket]);
    }

    /// <summary>Adds what was counted of a name and a verb.</summary>
    public void AddTo(long[] total, string name, int verb)
    {
        if (!_counts.TryGetValue(name, out var counts)) return;
        for (var bucket = 0; bucket < LatencyBuckets.Count; bucket++) total[bucket] += Volatile.Read(ref counts[(verb * LatencyBuckets.Count) + bucket]);
    }

    /// <summary>The figures of all names, those with the most steps first.</summary>
    /// <param name="slots">Of the seconds that count.</param>
    public static IReadOnlyList<NamedLatency> Of(IReadOnlyList<LatencyNames> slots) =>
        [.. slots.SelectMany(slot => slot.Names).Distinct(StringComparer.Ordinal).Select(name => Of(slots, name)).OrderByDescending(named => named.Steps).ThenByDescending(named => named.Creates).ThenBy(named => named.Name, StringComparer.Ordinal)];

    private static NamedLatency Of(IReadOnlyList<LatencyNames> slots, string name)
    {
        var (creates, steps) = (new long[LatencyBuckets.Count], new long[LatencyBuckets.Count]);
        foreach (var slot in slots)
        {
            slot.AddTo(creates, name, LatencyVerb.Create);
            slot.AddTo(steps, name, LatencyVerb.Step);
        }

        return new NamedLatency(
            name, creates.Sum(), LatencyBuckets.Rounded(creates, 0.5), LatencyBuckets.Rounded(creates, 0.99), steps.Sum(), LatencyBuckets.Rounded(steps, 0.5), LatencyBuckets.Rounded(steps, 0.99));
    }
}
