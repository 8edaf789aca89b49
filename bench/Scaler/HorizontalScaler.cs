namespace SandQueue.Bench.Scaler;

/// <summary>
/// What Kubernetes' HorizontalPodAutoscaler makes of the two values of <c>/scaling</c> under the settings of <c>deploy/kubernetes/autoscaling/scaledobject.yaml</c>: the number of
/// workers times value / target, the highest of both; no change within a tenth; up by all that there are a minute; down to the highest that was asked for within ten minutes,
/// one in two minutes. The rule is that of the HorizontalPodAutoscaler's documentation.
/// </summary>
internal sealed class HorizontalScaler
{
    /// <summary>Seconds between two looks.</summary>
    public const int Interval = 15;

    public const int Fewest = 2;
    public const int Most = 20;

    private const double OccupancyTarget = 0.8;
    private const double WaitingTarget = 1;
    private const double Tolerance = 0.1;
    private const int UpSeconds = 60;
    private const int DownWindowSeconds = 600;
    private const int DownSeconds = 120;

    private readonly Queue<(int Second, int Workers)> _asked = new();
    private readonly Queue<(int Second, int Workers)> _had = new();
    private int _lastDown = -DownSeconds;

    /// <param name="second">Now.</param>
    /// <param name="workers">How many there are, those that start among them.</param>
    /// <param name="occupancy">Slots taken of all slots.</param>
    /// <param name="waiting">Creates that wait.</param>
    /// <returns>How many there are to be.</returns>
    public int Decide(int second, int workers, double occupancy, int waiting)
    {
        var wanted = Math.Clamp(Math.Max(Wanted(workers, occupancy / OccupancyTarget), Wanted(workers, waiting / WaitingTarget)), Fewest, Most);
        Remember(_asked, second, wanted, DownWindowSeconds);
        Remember(_had, second, workers, UpSeconds);
        if (wanted > workers) return Math.Min(wanted, 2 * _had.Min(had => had.Workers));

        var highest = _asked.Max(asked => asked.Workers);
        if (highest >= workers || second - _lastDown < DownSeconds) return workers;
        _lastDown = second;
        return workers - 1;
    }

    private static int Wanted(int workers, double ratio) => Math.Abs(ratio - 1) <= Tolerance ? workers : (int)Math.Ceiling(Math.Min(workers * ratio, int.MaxValue / 2));

    private static void Remember(Queue<(int Second, int Workers)> some, int second, int workers, int window)
    {
        some.Enqueue((second, workers));
        while (some.Peek().Second < second - window) some.Dequeue();
    }
}
