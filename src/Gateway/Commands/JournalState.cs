using SandQueue.Storage.Connections;

namespace SandQueue.Gateway.Commands;

/// <summary>Asks why commands stay without an answer: the journal's disk may be full, and a worker that cannot write looks like none.</summary>
internal sealed class JournalState(JournalProbe probe, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    private readonly Lock _lock = new();
    private Task<string?> _latest = Task.FromResult<string?>(null);
    private long? _asked;

    /// <returns>Why the journal cannot be written; null where it can, or where that is not known in time.</returns>
    public async Task<string?> ProblemAsync(CancellationToken cancellationToken)
    {
        Task<string?> latest;
        lock (_lock)
        {
            // A fleet without capacity refuses many at a time: one asks for all of them.
            if (_asked is not { } asked || time.GetElapsedTime(asked) > Fresh) (_asked, _latest) = (time.GetTimestamp(), AskAsync());
            latest = _latest;
        }

        return await latest.WaitAsync(cancellationToken);
    }

    private async Task<string?> AskAsync()
    {
        using var limit = new CancellationTokenSource(Limit, time);
        try
        {
            return await probe.ProblemAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}
