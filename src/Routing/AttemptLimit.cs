namespace SandQueue.Routing;

/// <summary>
/// How long one attempt to send a command may take. Nearly every attempt only hands the command on: then there is no timer and no token, which are made for the first that
/// asks for them.
/// </summary>
/// <param name="limit">From now on.</param>
/// <param name="time">The clock.</param>
/// <param name="cancellationToken">Gives the command up.</param>
internal sealed class AttemptLimit(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken) : IDisposable
{
    private readonly long _began = time.GetTimestamp();
    private CancellationTokenSource? _over;
    private CancellationTokenSource? _either;

    /// <summary>The time it has left; none where that is over.</summary>
    public TimeSpan Left => limit - time.GetElapsedTime(_began) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    /// <summary>Whether its time is over for whoever waits with <see cref="Token"/>.</summary>
    public bool IsOver => _over?.IsCancellationRequested == true;

    /// <summary>Ends with its time, or where the command is given up. Asked for by one thread at a time.</summary>
    public CancellationToken Token
    {
        get
        {
            if (_either is { } made) return made.Token;
            _over = new CancellationTokenSource(Left, time);
            _either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _over.Token);
            return _either.Token;
        }
    }

    /// <summary>Gives up what waits with <see cref="Token"/>.</summary>
    public Task CancelAsync() => _either?.CancelAsync() ?? Task.CompletedTask;

    public void Dispose()
    {
        _either?.Dispose();
        _over?.Dispose();
    }
}
