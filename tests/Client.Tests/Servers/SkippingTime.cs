using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace SandQueue.Client.Tests.Servers;

/// <summary>Time in which every pause passes as soon as somebody waits, and is noted. Limits, which are longer, stand still.</summary>
/// <param name="longestPause">Whatever is longer is a limit.</param>
/// <param name="pausing">Called in every pause, before it passes.</param>
internal sealed class SkippingTime(TimeSpan longestPause, Action? pausing = null) : FakeTimeProvider
{
    private readonly ConcurrentQueue<TimeSpan> _pauses = new();

    public IReadOnlyList<TimeSpan> Pauses => [.. _pauses];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime <= TimeSpan.Zero || dueTime > longestPause) return timer;
        _pauses.Enqueue(dueTime);
        _ = Task.Run(() =>
        {
            pausing?.Invoke();
            Advance(dueTime);
        });
        return timer;
    }
}
