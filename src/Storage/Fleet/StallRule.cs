namespace SandQueue.Storage.Fleet;

/// <summary>
/// When a worker that receives nothing gives its lease up, so that others take its instances over: after <see cref="Limit"/>, if
/// another worker has received for as long, without a gap of <see cref="Gap"/>. Where the broker is away for all of them, all have
/// the gap, and none gives anything up until the one that is back first has been back for the limit.
/// </summary>
internal static class StallRule
{
    /// <summary>
    /// Longer than it takes to miss three probes and to reconnect the consumer, after which the instances could stay. A consumer that the library
    /// left behind in an outage shorter than <see cref="Gap"/> may be reconnected too late for that: then its instances move.
    /// </summary>
    private static readonly TimeSpan ShortestLimit = TimeSpan.FromSeconds(30);

    /// <summary>A worker receives a probe every 5 s, so workers that lose the broker at the same time last received at most so far apart, with room for a slow machine.</summary>
    private static readonly TimeSpan Spread = TimeSpan.FromSeconds(10);

    /// <summary>What a worker received is published with its renewals, so a worker with a long lease is known late to receive.</summary>
    /// <param name="lease">The length of the lease, which is renewed three times in it.</param>
    public static TimeSpan Limit(TimeSpan lease) => 2 * lease > ShortestLimit ? 2 * lease : ShortestLimit;

    /// <summary>A worker that received nothing for longer did not receive meanwhile.</summary>
    /// <param name="lease">The length of the lease.</param>
    public static TimeSpan Gap(TimeSpan lease) => Limit(lease) - Spread;
}
