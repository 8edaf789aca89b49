namespace SandQueue.Storage.Journal;

/// <summary>A row that waits for its commit.</summary>
internal sealed class PendingAppend(JournalAppend append)
{
    public JournalAppend Append { get; } = append;

    public TaskCompletionSource<JournalVerdict> Verdict { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
