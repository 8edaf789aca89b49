namespace SandQueue.Rollouts.Play;

/// <summary>How long a rollout may still take.</summary>
/// <param name="time">The clock.</param>
/// <param name="deadline">When its time is over; null where it has no limit.</param>
internal sealed class RolloutClock(TimeProvider time, DateTimeOffset? deadline) : IDisposable
{
    /// <summary>The longest that a timer takes.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(24);

    private readonly CancellationTokenSource? _over = deadline is { } end ? new CancellationTokenSource(Within(end - time.GetUtcNow()), time) : null;

    /// <summary>Null where it has no limit.</summary>
    public TimeSpan? Remaining => deadline - time.GetUtcNow();

    /// <summary>Whether its time is over.</summary>
    public bool IsOver => Remaining <= TimeSpan.Zero;

    /// <summary>Cancelled where its time is over.</summary>
    public CancellationToken Over => _over?.Token ?? CancellationToken.None;

    /// <summary>What is left of a limit that began at a timestamp, and of the rollout's own.</summary>
    public TimeSpan Left(long began, TimeSpan limit)
    {
        var left = limit - time.GetElapsedTime(began);
        return Remaining is { } remaining && remaining < left ? remaining : left;
    }

    public void Dispose() => _over?.Dispose();

    private static TimeSpan Within(TimeSpan span) => span < TimeSpan.Zero ? TimeSpan.Zero : span > Longest ? Longest : span;
}
