namespace SandQueue.EndToEnd.Running;

/// <summary>Waits for what another process does in its own time.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public static Task TrueAsync(Func<bool> condition, TimeSpan limit, string otherwise) =>
        TrueAsync(() => Task.FromResult(condition()), limit, otherwise);

    public static async Task TrueAsync(Func<Task<bool>> condition, TimeSpan limit, string otherwise)
    {
        using var timer = new PeriodicTimer(Pause);
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > limit) throw new ShouldAssertException($"{otherwise}, for {limit.TotalSeconds} s");
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
