using SandQueue.Client.Commands;

namespace SandQueue.Client;

/// <summary>
/// Creates whose callers gave them up. A Create has an id, so that SandQueue does not cancel it when its caller hangs up: it would make an instance that
/// nobody holds. The attempt that runs is waited for, and what it made is released.
/// </summary>
/// <param name="release">Releases an instance, until it is cancelled; throws nothing.</param>
/// <param name="tell">Told of an instance that may live on; throws nothing.</param>
/// <param name="limit">How long they are waited for at the end.</param>
/// <param name="time">The clock.</param>
internal sealed class AbandonedCreates(Func<string, CancellationToken, Task> release, Action<SandQueueException> tell, TimeSpan limit, TimeProvider time) : IAsyncDisposable
{
    private readonly CancellationTokenSource _over = new();
    private readonly Lock _lock = new();
    private readonly HashSet<Task> _running = [];

    /// <summary>Nobody waits for Creates any more.</summary>
    public CancellationToken Over => _over.Token;

    /// <param name="sending">The Create, which makes no further attempt.</param>
    /// <param name="create">What it is.</param>
    /// <param name="hasOwnId">Nobody else can have sent it, for the client made its id up. Under an id of its caller's another call may have, or get, the same instance.</param>
    public void Add(Task<Reply> sending, Create create, bool hasOwnId)
    {
        var seeing = SeeToAsync(sending, create, hasOwnId);
        lock (_lock) _running.Add(seeing);
        _ = seeing.ContinueWith(Remove, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    public async ValueTask DisposeAsync()
    {
        await RunningAsync();
        await _over.CancelAsync();

        // They end at once, and tell what they leave.
        await RunningAsync();
    }

    private async Task RunningAsync()
    {
        Task[] running;
        lock (_lock) running = [.. _running];
        await Task.WhenAll(running).WaitAsync(limit, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task SeeToAsync(Task<Reply> sending, Create create, bool hasOwnId)
    {
        Refusal? refusal;
        try
        {
            refusal = (await sending).Refusal;
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            refusal = Refusal.Unknown("the client was disposed before the Create, which its caller gave up, had an end");
        }

        // One that was refused for good made nothing. One whose end is unknown may have found its name taken, unless nobody else can have that name.
        if (refusal is { IsUnknown: false }) return;
        if (hasOwnId && (refusal is null || create.InstanceId == create.Id) && !_over.IsCancellationRequested) await release(create.InstanceId!, _over.Token);
        else tell(new SandQueueException(refusal ?? Refusal.Unknown("its caller gave the Create up, which has made the instance under an id that its caller chose: it is left to whoever knows the id"), create.Id, create.InstanceId));
    }

    private void Remove(Task seeing)
    {
        lock (_lock) _running.Remove(seeing);
    }
}
