namespace SandQueue.Bench.Scaler;

/// <summary>
/// Slots of workers that come and go, by seconds. Creates wait in the order they come. A worker that goes hands its instances over: each takes a slot of another one, as the next
/// command of it would, or waits for one as Creates do.
/// </summary>
/// <param name="slotsPerWorker">Instances that a worker has room for.</param>
/// <param name="startSeconds">From the decision that there be another worker until it serves.</param>
internal sealed class SimulatedFarm(int slotsPerWorker, int startSeconds)
{
    private readonly PriorityQueue<int, int> _ends = new();
    private readonly Queue<(int Since, int Seconds)> _creates = new();
    private readonly List<int> _starting = [];

    public int Serving { get; private set; }

    /// <summary>Those that serve and those that start.</summary>
    public int Workers => Serving + _starting.Count;

    public int Live => _ends.Count;

    public int Waiting => _creates.Count;

    public double Occupancy => Serving == 0 ? 1 : Live / (double)(Serving * slotsPerWorker);

    /// <summary>Instances that were rebuilt elsewhere because their worker went.</summary>
    public int Rebuilt { get; private set; }

    public int Ended { get; private set; }

    /// <summary>Seconds that each Create has waited for its slot.</summary>
    public List<int> Waits { get; } = [];

    public void Scale(int second, int workers)
    {
        while (Workers < workers) _starting.Add(second + startSeconds);
        while (Workers > workers && _starting.Count > 0) _starting.RemoveAt(_starting.Count - 1);
        while (Workers > workers)
        {
            // Its part of all, rounded: which worker goes is the scaler's choice, and not the one with the fewest.
            Rebuilt += (Live + Serving - 1) / Serving;
            Serving--;
        }
    }

    public void Pass(int second, IEnumerable<int> begun)
    {
        Serving += _starting.RemoveAll(at => at <= second);
        while (_ends.TryPeek(out _, out var end) && end <= second)
        {
            _ends.Dequeue();
            Ended++;
        }

        foreach (var seconds in begun) _creates.Enqueue((second, seconds));
        while (Live < Serving * slotsPerWorker && _creates.TryDequeue(out var create))
        {
            Waits.Add(second - create.Since);
            _ends.Enqueue(second + create.Seconds, second + create.Seconds);
        }
    }
}
