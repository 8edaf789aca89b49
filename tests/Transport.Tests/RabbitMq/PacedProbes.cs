namespace SandQueue.Transport.Tests.RabbitMq;

/// <summary>
/// The machine's time, but for what comes again and again, such as the probes of a queue: that comes as often as a test wants.
/// Deadlines pass as they do, so that what hangs ends.
/// </summary>
/// <param name="every">How often.</param>
internal sealed class PacedProbes(TimeSpan every) : TimeProvider
{
    private int _probes;

    public int Probes => Volatile.Read(ref _probes);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (period == Timeout.InfiniteTimeSpan) return base.CreateTimer(callback, state, dueTime, period);
        return new Paced(base.CreateTimer(Probe, state, every, every));

        void Probe(object? given)
        {
            Interlocked.Increment(ref _probes);
            callback(given);
        }
    }

    /// <summary>Keeps its pace whatever it is changed to.</summary>
    private sealed class Paced(ITimer timer) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
