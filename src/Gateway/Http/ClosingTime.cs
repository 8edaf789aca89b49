namespace SandQueue.Gateway.Http;

/// <summary>
/// Ends the requests that still wait when the program stops. Steps take milliseconds mostly and are let finish; one
/// that hangs must not hold up the end.
/// </summary>
internal sealed class ClosingTime : IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _over;
    private readonly CancellationTokenRegistration _stopping;

    public ClosingTime(IHostApplicationLifetime lifetime, TimeProvider time)
    {
        _over = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _stopping = lifetime.ApplicationStopping.Register(() => _over.CancelAfter(Grace));
    }

    public CancellationToken Over => _over.Token;

    public void Dispose()
    {
        _stopping.Dispose();
        _over.Dispose();
    }
}
