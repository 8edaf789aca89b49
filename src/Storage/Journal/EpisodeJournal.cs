using System.Data.Common;
using System.Threading.Channels;

namespace SandQueue.Storage.Journal;

/// <summary>
/// Appends to the one journal. Rows of many instances that wait at the same time share a commit: while one commit runs
/// the next group gathers, so a lone row never waits for company and a busy journal never commits row by row.
/// </summary>
public sealed class EpisodeJournal : IAsyncDisposable
{
    private const int LargestGroup = 256;

    /// <summary>Bounds the memory of a group whose rows are large; a single larger row still goes alone.</summary>
    private const int LargestGroupBytes = 8 << 20;

    /// <summary>How long a group is tried again while the database is away; callers wait for less than a minute.</summary>
    private static readonly TimeSpan LongestOutage = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly JournalCommit _commit;
    private readonly TimeProvider _time;
    private readonly Channel<Pending> _pending = Channel.CreateUnbounded<Pending>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task _writer;

    internal EpisodeJournal(IContextSource contexts, TimeProvider time, Failpoints? failpoints = null)
    {
        _time = time;
        _commit = new JournalCommit(contexts, failpoints ?? new Failpoints());
        _writer = Task.Run(WriteAsync);
    }

    /// <summary>Completes when the row is committed or refused. Cancelling stops the wait, not the write.</summary>
    /// <exception cref="DbException">The database could not be reached or refused the row; it may be asked again.</exception>
    public Task<JournalVerdict> AppendAsync(JournalAppend append, CancellationToken cancellationToken)
    {
        var pending = new Pending(append);
        return _pending.Writer.TryWrite(pending)
            ? pending.Verdict.Task.WaitAsync(cancellationToken)
            : Task.FromException<JournalVerdict>(new ObjectDisposedException(nameof(EpisodeJournal)));
    }

    public async ValueTask DisposeAsync()
    {
        _pending.Writer.TryComplete();
        await _writer;
    }

    private async Task WriteAsync()
    {
        var group = new List<Pending>();
        var episodes = new HashSet<long>();
        Pending? held = null;
        while (held is not null || await _pending.Reader.WaitToReadAsync())
        {
            group.Clear();
            episodes.Clear();
            var bytes = 0;
            while (group.Count < LargestGroup && bytes < LargestGroupBytes && (held ?? Next()) is { } pending)
            {
                held = null;

                // Two rows of one instance check the row one after the other, so they never share a group.
                if (pending.Append.Progress is { } progress && !episodes.Add(progress.EpisodeId))
                {
                    held = pending;
                    break;
                }

                group.Add(pending);
                bytes += pending.Append.Entry.Action.Length + pending.Append.Entry.Answer.Length;
            }

            await CommitAsync(group, _time.GetTimestamp(), uncertain: false);
        }
    }

    private Pending? Next() => _pending.Reader.TryRead(out var pending) ? pending : null;

    /// <param name="group">The rows.</param>
    /// <param name="started">When they were tried first.</param>
    /// <param name="uncertain">An earlier try was cut off, so the rows may be in the database already.</param>
    private async Task CommitAsync(List<Pending> group, long started, bool uncertain)
    {
        while (true)
        {
            try
            {
                var verdicts = await DecideAsync(group);
                for (var i = 0; i < group.Count; i++) await SettleAsync(group[i], verdicts[i], uncertain);
                return;
            }
            catch (Exception exception) when (JournalCommit.IsOutage(exception) && _time.GetElapsedTime(started) < LongestOutage)
            {
                uncertain = true;
                await Task.Delay(Pause, _time);
            }
            catch (Exception exception) when (group.Count > 1 && !JournalCommit.IsOutage(exception))
            {
                // One bad row must not fail its neighbours, whether the database or its driver refuses it: each alone.
                foreach (var pending in group) await CommitAsync([pending], started, uncertain);
                return;
            }
            catch (Exception exception)
            {
                foreach (var pending in group) pending.Verdict.TrySetException(exception);
                return;
            }
        }
    }

    private async Task<JournalVerdict[]> DecideAsync(List<Pending> group)
    {
        try
        {
            return await _commit.CommitAsync([.. group.Select(pending => pending.Append)]);
        }
        catch (DbException exception) when (group.Count == 1 && JournalCommit.IsDuplicate(exception))
        {
            return [JournalVerdict.Duplicate];
        }
    }

    /// <summary>A row that is refused after a try that was cut off may be refused because of itself: read before deciding.</summary>
    private async Task SettleAsync(Pending pending, JournalVerdict verdict, bool uncertain)
    {
        if (verdict != JournalVerdict.Committed && uncertain && await _commit.IsRecordedAsync(pending.Append.Entry)) verdict = JournalVerdict.Committed;
        pending.Verdict.TrySetResult(verdict);
    }

    private sealed class Pending(JournalAppend append)
    {
        public JournalAppend Append { get; } = append;

        public TaskCompletionSource<JournalVerdict> Verdict { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
