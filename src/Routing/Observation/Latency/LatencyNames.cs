using System.Collections.Concurrent;

namespace SandQueue.Routing.Observation.Latency;

/// <summary>
/// What was counted of late by a name: of a tenant, or of an environment. A name keeps its counters while something ends under it once a minute; with
/// <see cref="Most"/> such names, those that come then are counted together. So memory has a bound, and who is counted apart has all that was counted, but for the minute in
/// which a place became free.
/// </summary>
internal sealed class LatencyNames
{
    /// <summary>What the names beyond <see cref="Most"/> are counted as. No tenant and no environment can be called so.</summary>
    public const string Others = "(others)";

    /// <summary>Names that have counters of their own.</summary>
    public const int Most = 100;

    private readonly ConcurrentDictionary<string, NamedCounts> _names = new(StringComparer.Ordinal);
    private readonly NamedCounts _others = new();

    /// <summary>Kept beside the dictionary, which counts itself by taking all its locks.</summary>
    private int _count;
    private long _swept;

    /// <summary>A command ended; one of a verb that trainers do not wait for is not counted.</summary>
    /// <param name="name">Whose it is, or what it is of.</param>
    /// <param name="verb">Its verb.</param>
    /// <param name="bucket">The bucket of its duration.</param>
    /// <param name="slot">The number of the seconds in which it ended.</param>
    public void Add(string name, int verb, int bucket, long slot)
    {
        if (verb >= NamedCounts.Verbs) return;
        if (_names.TryGetValue(name, out var counts)) counts.Add(verb, bucket, slot);
        else if (Volatile.Read(ref _count) < Most || Sweep(slot)) AddNew(name, verb, bucket, slot);
        else _others.Add(verb, bucket, slot);
    }

    /// <summary>The figures of all names, those with the most steps first.</summary>
    /// <param name="slot">The number of the newest seconds that count.</param>
    public IReadOnlyList<NamedLatency> Read(long slot) =>
        [.. _names.Append(new(Others, _others)).Where(named => named.Value.IsRecent(slot)).Select(named => named.Value.Of(named.Key, slot)).OrderByDescending(named => named.Steps).ThenByDescending(named => named.Creates).ThenBy(named => named.Name, StringComparer.Ordinal)];

    /// <summary>Several at once may take one place too many each.</summary>
    private void AddNew(string name, int verb, int bucket, long slot)
    {
        // Counted into before others see it: empty counters are swept away.
        var counts = new NamedCounts();
        counts.Add(verb, bucket, slot);
        var taken = _names.GetOrAdd(name, counts);
        if (taken == counts) Interlocked.Increment(ref _count);
        else taken.Add(verb, bucket, slot);
    }

    /// <summary>Forgets the names under which nothing ended for a minute; looked for once in each slot.</summary>
    /// <returns>Whether there is a place.</returns>
    private bool Sweep(long slot)
    {
        if (Volatile.Read(ref _swept) == slot || Interlocked.Exchange(ref _swept, slot) == slot) return Volatile.Read(ref _count) < Most;
        foreach (var named in _names)
        {
            if (!named.Value.IsRecent(slot) && _names.TryRemove(named)) Interlocked.Decrement(ref _count);
        }

        return Volatile.Read(ref _count) < Most;
    }
}
