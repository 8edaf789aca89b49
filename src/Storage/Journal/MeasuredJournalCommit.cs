using SandQueue.Telemetry.Measures;

namespace SandQueue.Storage.Journal;

/// <summary>Measures the commits of another.</summary>
internal sealed class MeasuredJournalCommit(IJournalCommit commit, TimeProvider time) : IJournalCommit
{
    public Task<JournalVerdict[]> CommitAsync(IReadOnlyList<JournalAppend> group) =>
        JournalMeasures.AreRead ? MeasureAsync(group.Count, () => commit.CommitAsync(group)) : commit.CommitAsync(group);

    public Task<JournalVerdict> ReplaceAsync(JournalAppend append, long replaced) =>
        JournalMeasures.AreRead ? MeasureAsync(1, () => commit.ReplaceAsync(append, replaced)) : commit.ReplaceAsync(append, replaced);

    private async Task<T> MeasureAsync<T>(int rows, Func<Task<T>> run)
    {
        var (began, isCommitted) = (time.GetTimestamp(), false);
        try
        {
            var verdict = await run();
            isCommitted = true;
            return verdict;
        }
        finally
        {
            JournalMeasures.Committed(rows, time.GetElapsedTime(began), isCommitted);
        }
    }
}
