namespace SandQueue.Rollouts.Batches;

/// <summary>A rollout that this process plays, and how it is stopped.</summary>
internal sealed class RunningRollout : IDisposable
{
    private readonly CancellationTokenSource _cancelled = new();
    private readonly CancellationTokenSource _stopping;
    private readonly Lock _lock = new();
    private bool _isOver;

    public RunningRollout(int claim, CancellationToken stopping) => (Claim, _stopping) = (claim, CancellationTokenSource.CreateLinkedTokenSource(stopping));

    public int Claim { get; }

    /// <summary>Its caller gives it up.</summary>
    public CancellationToken Cancelled => _cancelled.Token;

    /// <summary>This worker gives it up.</summary>
    public CancellationToken Stopping => _stopping.Token;

    public void Cancel()
    {
        lock (_lock)
        {
            if (!_isOver) _cancelled.Cancel();
        }
    }

    /// <summary>Its claim is another's now.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            if (!_isOver) _stopping.Cancel();
        }
    }

    public void Dispose()
    {
        lock (_lock) _isOver = true;
        _cancelled.Dispose();
        _stopping.Dispose();
    }
}
