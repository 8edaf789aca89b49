using System.Runtime.InteropServices;

namespace SandQueue.Rollouts.Statistics;

/// <summary>
/// The mean of values that come in clusters: rollouts of one task resemble each other, so that an interval that took them for independent
/// would be too narrow. The standard error is the cluster-robust one with the factor G/(G-1), the interval Student's with G-1 degrees of freedom
/// (Liang and Zeger 1986; Cameron and Miller 2015). With one value in each cluster it is the ordinary one.
/// </summary>
public sealed class ClusteredMean
{
    private readonly Dictionary<string, Sum> _clusters = new(StringComparer.Ordinal);

    private int _values;
    private double _total;

    /// <summary>Takes one value in.</summary>
    /// <param name="cluster">Its cluster: the task.</param>
    /// <param name="value">A finite number.</param>
    public void Add(string cluster, double value) => Add(cluster, 1, value);

    /// <summary>Takes values of one cluster in.</summary>
    /// <param name="cluster">Their cluster.</param>
    /// <param name="count">How many they are.</param>
    /// <param name="total">Their sum.</param>
    public void Add(string cluster, int count, double total)
    {
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(_clusters, cluster, out _);
        sum = new Sum(sum.Count + count, sum.Total + total);
        _values += count;
        _total += total;
    }

    /// <summary>The mean of all that was taken in; null where nothing was.</summary>
    public Estimate? Estimate()
    {
        if (_values == 0) return null;

        var (mean, groups) = (_total / _values, _clusters.Count);
        if (groups == 1) return new Estimate(mean, null, _values, 1);

        var squares = _clusters.Values.Sum(cluster => Math.Pow(cluster.Total - (cluster.Count * mean), 2));
        var error = Math.Sqrt(groups / (groups - 1.0) * squares) / _values;
        return new Estimate(mean, StudentInterval.Around(mean, error, groups - 1), _values, groups);
    }

    private readonly record struct Sum(int Count, double Total);
}
