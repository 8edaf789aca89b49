using SandQueue.Storage.Model;

namespace SandQueue.Storage.Tests.Journal;

/// <summary>Counts the commits of a journal (each opens one context), and holds them back until it is told.</summary>
internal sealed class GatedContexts(IContextSource contexts) : IContextSource
{
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _opened;

    public int Opened => _opened;

    /// <summary>Completes when the first commit has come to the gate: what is appended now waits behind it.</summary>
    public Task Arrived => _arrived.Task;

    public void Open() => _gate.SetResult();

    public async Task<SandQueueContext> OpenAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _opened);
        _arrived.TrySetResult();
        await _gate.Task;
        return await contexts.OpenAsync(cancellationToken);
    }

    public Task<long> NowAsync(SandQueueContext context, CancellationToken cancellationToken) => contexts.NowAsync(context, cancellationToken);
}
