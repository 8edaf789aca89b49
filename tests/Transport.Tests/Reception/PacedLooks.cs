namespace SandQueue.Transport.Tests.Reception;

/// <summary>
/// The machine's time, but for what comes again and again, such as the looks at a queue: that comes as often as a test wants.
/// Deadlines pass as they do, so that what hangs ends.
/// </summary>
/// <param name="every">How often.</param>
internal sealed class PacedLooks(TimeSpan every) : TimeProvider
{
    private int _looks;

    public int Looks => Volatile.Read(ref _looks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (period == Timeout.InfiniteTimeSpan) return base.CreateTimer(callback, state, dueTime, period);
        return base.CreateTimer(Look, state, every, every);

        void Look(object? given)
        {
            Interlocked.Increment(ref _looks);
            callback(given);
        }
    }
}
