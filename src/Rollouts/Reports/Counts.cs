namespace SandQueue.Rollouts.Reports;

/// <summary>Counts by name.</summary>
internal static class Counts
{
    /// <summary>The largest first.</summary>
    public static IReadOnlyDictionary<string, int> Ordered(IReadOnlyDictionary<string, int> counts) =>
        new OrderedDictionary<string, int>(counts.OrderByDescending(count => count.Value).ThenBy(count => count.Key, StringComparer.Ordinal), StringComparer.Ordinal);
}
