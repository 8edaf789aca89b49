namespace SandQueue.Cli.Batches;

/// <summary>How fast a batch goes, over the last minute that was watched, and how long it may take still.</summary>
internal sealed class BatchPace(TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Queue<(long At, long Ended)> _seen = new();

    /// <summary>Rollouts that end in a second; null where too little was seen.</summary>
    public double? PerSecond { get; private set; }

    /// <summary>Takes note of what a batch has ended so far.</summary>
    public void See(long ended)
    {
        var now = time.GetTimestamp();
        // A batch whose failed rollouts are played again has fewer ends than before.
        if (_seen.Count > 0 && _seen.Last().Ended > ended) _seen.Clear();
        _seen.Enqueue((now, ended));
        while (_seen.Count > 2 && time.GetElapsedTime(_seen.Peek().At, now) > Window) _seen.Dequeue();
        var (at, first) = _seen.Peek();
        var span = time.GetElapsedTime(at, now).TotalSeconds;
        PerSecond = span > 0.5 && ended > first ? (ended - first) / span : null;
    }

    /// <summary>What the rest would take at this pace; null where that is not known.</summary>
    public TimeSpan? Left(long rest) => PerSecond is { } rate && rest / rate < TimeSpan.FromDays(365).TotalSeconds ? TimeSpan.FromSeconds(rest / rate) : null;
}
