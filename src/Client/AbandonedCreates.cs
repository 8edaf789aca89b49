using SandQueue.Client.Commands;

namespace SandQueue.Client;

/// <summary>
/// Creates whose callers gave them up. A Create has an id, so that SandQueue does not cancel it when its caller hangs up: it would make an instance that
/// nobody holds. The attempt that runs is waited for, and what it made is released.
/// </summary>
/// <param name="release">Releases an instance; throws nothing.</param>
/// <param name="limit">How long they are waited for at the end.</param>
/// <param name="time">The clock.</param>
internal sealed class AbandonedCreates(Func<string, Task> release, TimeSpan limit, TimeProvider time) : IAsyncDisposable
{
    private readonly CancellationTokenSource _over = new();
    private readonly Lock _lock = new();
    private readonly HashSet<Task> _running = [];

    /// <summary>Nobody waits for Creates any more.</summary>
    public CancellationToken Over => _over.Token;

    /// <param name="sending">The Create, which makes no further attempt.</param>
    /// <param name="instanceId">What it makes.</param>
    public void Add(Task<Reply> sending, string instanceId)
    {
        var seeing = SeeToAsync(sending, instanceId);
        lock (_lock) _running.Add(seeing);
        _ = seeing.ContinueWith(Remove, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    public async ValueTask DisposeAsync()
    {
        Task[] running;
        lock (_lock) running = [.. _running];
        await Task.WhenAll(running).WaitAsync(limit, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _over.CancelAsync();
    }

    private async Task SeeToAsync(Task<Reply> sending, string instanceId)
    {
        try
        {
            // One that was refused for good made nothing.
            if ((await sending).Refusal is { IsUnknown: false }) return;
        }
        catch (OperationCanceledException)
        {
            // The client is at its end.
        }

        await release(instanceId);
    }

    private void Remove(Task seeing)
    {
        lock (_lock) _running.Remove(seeing);
    }
}
