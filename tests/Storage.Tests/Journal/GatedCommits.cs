using SandQueue.Storage.Journal;

namespace SandQueue.Storage.Tests.Journal;

/// <summary>Counts the commits of a journal, and holds them back until it is told.</summary>
internal sealed class GatedCommits(IJournalCommit commits) : IJournalCommit
{
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _begun;

    /// <summary>Commits that were begun, those that failed too.</summary>
    public int Begun => _begun;

    /// <summary>Completes when the first commit has come to the gate: what is appended now waits behind it.</summary>
    public Task Arrived => _arrived.Task;

    public void Open() => _gate.SetResult();

    public async Task<JournalVerdict[]> CommitAsync(IReadOnlyList<JournalAppend> group)
    {
        Interlocked.Increment(ref _begun);
        _arrived.TrySetResult();
        await _gate.Task;
        return await commits.CommitAsync(group);
    }

    public Task<JournalVerdict> ReplaceAsync(JournalAppend append, long replaced) => commits.ReplaceAsync(append, replaced);
}
