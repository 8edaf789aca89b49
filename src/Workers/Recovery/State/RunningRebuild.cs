using SandQueue.Storage.Model;

namespace SandQueue.Workers.Recovery.State;

/// <summary>
/// A rebuild under way. It outlives the command that began it: an episode may take longer to repeat than a caller waits,
/// and the next command finds it further on, or done.
/// </summary>
internal sealed class RunningRebuild : IDisposable
{
    private readonly CancellationTokenSource _limit;
    private bool _ended;

    /// <param name="run">Rebuilds, until its token ends.</param>
    /// <param name="isolated">Whether the instance gets a container of its own.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="time">The clock.</param>
    public RunningRebuild(Func<CancellationToken, Task<RebuildOutcome>> run, bool isolated, TimeSpan timeout, TimeProvider time)
    {
        IsIsolated = isolated;
        _limit = new CancellationTokenSource(timeout, time);
        Outcome = Task.Run(() => RunAsync(run));
    }

    public bool IsIsolated { get; }

    /// <summary>Its end; cancelled where it took too long.</summary>
    public Task<RebuildOutcome> Outcome { get; }

    /// <summary>Ends it where it runs, and frees what it made.</summary>
    public void Dispose()
    {
        lock (_limit)
        {
            if (!_ended) _limit.Cancel();
        }

        _ = Outcome.ContinueWith(FreeWhatItMade, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private async Task<RebuildOutcome> RunAsync(Func<CancellationToken, Task<RebuildOutcome>> run)
    {
        try
        {
            return await run(_limit.Token);
        }
        finally
        {
            lock (_limit)
            {
                _ended = true;
                _limit.Dispose();
            }
        }
    }

    private static void FreeWhatItMade(Task<RebuildOutcome> ended)
    {
        // Reading the failure of one that nobody waits for keeps it from being reported as unobserved.
        if (ended.Exception is null && ended is { IsCompletedSuccessfully: true, Result: RebuildOutcome.Proven { Instance: var made } }) made.Slot.Free(made.Environment);
    }
}
