namespace SandQueue.Workers.Leases;

/// <summary>
/// Whether this worker still owns its instances. Counted on the monotonic clock, from before each renewal was sent: the
/// worker stops answering before anybody else may take over, whatever the clocks say and however long it was stopped.
/// </summary>
internal sealed class WorkerLease(TimeProvider time)
{
    private readonly Lock _gate = new();
    private TimeSpan _length;
    private long _since;

    public bool IsLive
    {
        get
        {
            lock (_gate) return time.GetElapsedTime(_since) < _length;
        }
    }

    /// <summary>The moment a renewal is about to be sent.</summary>
    public long Mark() => time.GetTimestamp();

    /// <summary>The renewal sent at <paramref name="mark"/> was taken.</summary>
    public void Renewed(long mark, TimeSpan length)
    {
        lock (_gate) (_since, _length) = (mark, length);
    }

    /// <summary>The lease has ended, and what was owned under it is owned no more.</summary>
    public void End()
    {
        lock (_gate) _length = TimeSpan.Zero;
    }
}
