using SandQueue.Hosting.Settings;

namespace SandQueue.Workers.Tests.Runtimes.Docker;

/// <summary>
/// Real time, in which something happens once, at a moment that a test names: whoever sets the next limit waits until it is
/// done. Every call of the engine sets one, so it happens between two of them.
/// </summary>
internal sealed class InterruptedTime(Func<bool> isMoment, Func<Task> happen) : TimeProvider
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private int _happened;

    public bool HasHappened => Volatile.Read(ref _happened) == 1;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (isMoment() && Interlocked.Exchange(ref _happened, 1) == 0) Task.Run(happen).WaitAsync(Limit).GetAwaiter().GetResult();
        return base.CreateTimer(callback, state, dueTime, period);
    }
}
