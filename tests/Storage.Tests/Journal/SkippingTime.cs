using Microsoft.Extensions.Time.Testing;

namespace SandQueue.Storage.Tests.Journal;

/// <summary>Time that passes as soon as somebody waits for it, and not otherwise.</summary>
internal sealed class SkippingTime : FakeTimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime > TimeSpan.Zero) _ = Task.Run(() => Advance(dueTime));
        return timer;
    }
}
