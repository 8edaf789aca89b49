using System.Runtime.CompilerServices;

namespace SandQueue.Client;

/// <summary>How long something may take.</summary>
internal static class Durations
{
    /// <summary>The clock's timers take no more.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    /// <exception cref="ArgumentOutOfRangeException">It is not above 0, or too long for a timer (above 49 days).</exception>
    public static TimeSpan Checked(TimeSpan duration, [CallerArgumentExpression(nameof(duration))] string? name = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(duration, TimeSpan.Zero, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(duration, Longest, name);
        return duration;
    }
}
