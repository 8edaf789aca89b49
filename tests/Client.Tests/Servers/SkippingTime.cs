using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace SandQueue.Client.Tests.Servers;

/// <summary>Time in which every pause passes as soon as somebody waits, and is noted. Limits, which are longer, stand still.</summary>
/// <param name="longestPause">Whatever is longer is a limit.</param>
/// <param name="pausing">Called in every pause, before it passes.</param>
/// <param name="skipsLimits">Whether a limit that is no longer than a pause passes at once too.</param>
internal sealed class SkippingTime(TimeSpan longestPause, Action? pausing = null, bool skipsLimits = true) : FakeTimeProvider
{
    private readonly ConcurrentQueue<TimeSpan> _pauses = new();

    /// <summary>One in which calls end by their deadlines, and attempts by nothing but their answers, however slow the machine is.</summary>
    public static SkippingTime ByPauses() => new(TimeSpan.FromSeconds(5), skipsLimits: false);

    public IReadOnlyList<TimeSpan> Pauses => [.. _pauses];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime <= TimeSpan.Zero || dueTime > longestPause) return timer;

        // What ends a token is a limit; the timer of a pause belongs to the task that waits.
        if (!skipsLimits && state is CancellationTokenSource) return timer;
        _pauses.Enqueue(dueTime);
        _ = Task.Run(() =>
        {
            pausing?.Invoke();
            Advance(dueTime);
        });
        return timer;
    }
}
