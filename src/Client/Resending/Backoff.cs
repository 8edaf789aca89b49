namespace SandQueue.Client.Resending;

/// <summary>How long to wait before another attempt: exponential, with jitter, so that callers that failed together do not come back together.</summary>
/// <param name="random">A number from 0 to below 1, another each time.</param>
internal sealed class Backoff(Func<double> random)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <summary>At most so much is added to what the other side asked for.</summary>
    private static readonly TimeSpan Spread = TimeSpan.FromSeconds(1);

    /// <param name="failures">Attempts that failed so far, from 1.</param>
    /// <param name="asked">What the other side asked for; null where it did not.</param>
    public TimeSpan After(int failures, TimeSpan? asked)
    {
        if (asked is { } least && least > TimeSpan.Zero) return least + (random() * Shorter(least / 4, Spread));
        var longest = Shorter(First * Math.Pow(2, Math.Min(failures - 1, 20)), Longest);
        return longest * (0.5 + (random() / 2));
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
