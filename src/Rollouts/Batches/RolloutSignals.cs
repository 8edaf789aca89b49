using System.Collections.Concurrent;

namespace SandQueue.Rollouts.Batches;

/// <summary>Tells those in this process who wait for a rollout that it has ended here. What ended elsewhere they see in the database.</summary>
public sealed class RolloutSignals
{
    private readonly ConcurrentDictionary<long, TaskCompletionSource> _waiting = new();

    internal void Ended(long rollout)
    {
        if (_waiting.TryRemove(rollout, out var waiting)) waiting.TrySetResult();
    }

    /// <summary>Waits until a rollout ends in this process, or so long.</summary>
    public async Task WaitAsync(long rollout, TimeSpan longest, TimeProvider time, CancellationToken cancellationToken)
    {
        var ended = _waiting.GetOrAdd(rollout, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(ended.Task, Task.Delay(longest, time, limit.Token));
        await limit.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Forgets a rollout that nobody waits for any more.</summary>
    public void Forget(long rollout) => _waiting.TryRemove(rollout, out _);
}
