namespace SandQueue.Rollouts.Statistics;

/// <summary>The mean difference of tasks that were played twice, each against itself.</summary>
public static class PairedDifference
{
    /// <summary>
    /// Second minus first, averaged over tasks, each of which counts once, with a 95 % interval by Student's t over tasks. Null where there is no
    /// pair; without an interval where there is one.
    /// </summary>
    /// <param name="pairs">The mean of each task in the first and in the second.</param>
    public static Estimate? Of(IEnumerable<(double First, double Second)> pairs)
    {
        var differences = new ClusteredMean();
        foreach (var (index, (first, second)) in pairs.Index()) differences.Add(index.ToString(System.Globalization.CultureInfo.InvariantCulture), second - first);
        return differences.Estimate();
    }
}
