using Microsoft.Extensions.Time.Testing;

namespace SandQueue.Routing.Tests;

/// <summary>Time that a test moves, but for moments: a wait of less than a second passes as soon as somebody waits.</summary>
public sealed class MomentSkippingTime : FakeTimeProvider
{
    private int _timers;

    /// <summary>Timers that were ever begun: each wait begins one.</summary>
    public int Timers => Volatile.Read(ref _timers);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Interlocked.Increment(ref _timers);
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime > TimeSpan.Zero && dueTime < TimeSpan.FromSeconds(1)) _ = Task.Run(() => Advance(dueTime));
        return timer;
    }
}
