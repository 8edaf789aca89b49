using System.Diagnostics;

namespace SandQueue.Testing;

/// <summary>Waits for conditions. The limit is for what hangs; a slow machine is no failure.</summary>
public static class Until
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <inheritdoc cref="TrueAsync(string, Func{Task{bool}}, TimeSpan, Func{string}?)"/>
    public static Task TrueAsync(string what, Func<bool> holds, TimeSpan limit, Func<string>? otherwise = null) =>
        TrueAsync(what, () => Task.FromResult(holds()), limit, otherwise);

    /// <summary>Waits until <paramref name="holds"/> says so.</summary>
    /// <param name="what">What is waited for, for the message of a failure.</param>
    /// <param name="holds">The condition.</param>
    /// <param name="limit">When to give up.</param>
    /// <param name="otherwise">Says more where it was given up.</param>
    /// <exception cref="TimeoutException">It did not come to hold in time.</exception>
    /// <exception cref="OperationCanceledException">The test that waits was cancelled.</exception>
    public static async Task TrueAsync(string what, Func<Task<bool>> holds, TimeSpan limit, Func<string>? otherwise = null)
    {
        ArgumentNullException.ThrowIfNull(holds);
        var started = Stopwatch.GetTimestamp();
        while (!await holds())
        {
            if (Stopwatch.GetElapsedTime(started) > limit) throw new TimeoutException($"{what}: not within {limit.TotalSeconds:0} s. {otherwise?.Invoke()}");
            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }
    }
}
