using SandQueue.Storage.Journal;

namespace SandQueue.Storage.Tests.Journal;

/// <summary>A database that refuses commits when the test says so.</summary>
/// <param name="commits">The database.</param>
/// <param name="fails">Why the attempt of this number, from 1, fails; null lets it through.</param>
internal sealed class BrokenCommits(IJournalCommit commits, Func<int, Task<Exception?>> fails) : IJournalCommit
{
    private int _attempts;

    public int Attempts => _attempts;

    public async Task<JournalVerdict[]> CommitAsync(IReadOnlyList<JournalAppend> group)
    {
        if (await fails(Interlocked.Increment(ref _attempts)) is { } failure) throw failure;
        return await commits.CommitAsync(group);
    }

    public async Task<JournalVerdict> ReplaceAsync(JournalAppend append, long replaced)
    {
        if (await fails(Interlocked.Increment(ref _attempts)) is { } failure) throw failure;
        return await commits.ReplaceAsync(append, replaced);
    }
}
