using System.Data.Common;
using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Model;
using SandQueue.Telemetry.Traces;

namespace SandQueue.Storage.Journal;

/// <summary>
/// Appends to the one journal. Rows of many instances that wait at the same time share a commit: while one commit runs
/// the next group gathers, so a lone row never waits for company and a busy journal never commits row by row.
/// </summary>
public sealed class EpisodeJournal : IAsyncDisposable
{
    /// <summary>
    /// How long rows are tried again while the database is unavailable; callers wait for less than a minute. It counts from when the outage
    /// began, and not anew for the rows behind, whose callers wait as well.
    /// </summary>
    private static readonly TimeSpan LongestOutage = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(100);

    private readonly IJournalCommit _commit;
    private readonly IContextSource _contexts;
    private readonly TimeProvider _time;
    private readonly Channel<PendingAppend> _pending = Channel.CreateUnbounded<PendingAppend>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task _writer;

    /// <summary>Since when every commit has failed because the database is unavailable; null while none has. The writer's alone, as the next.</summary>
    private long? _unavailableSince;

    private long _lastFailed;

    internal EpisodeJournal(IJournalCommit commit, IContextSource contexts, TimeProvider time)
    {
        (_commit, _contexts, _time) = (commit, contexts, time);
        _writer = Task.Run(WriteAsync);
    }

    /// <summary>
    /// Completes when the row is committed or refused. It takes the place of another request's refusal under its id (<see cref="Refusals"/>).
    /// Cancelling stops the wait, not the write.
    /// </summary>
    /// <exception cref="DbException">The database could not be reached or refused the row, or this process ends; it may be asked again.</exception>
    public Task<JournalVerdict> AppendAsync(JournalAppend append, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(append);
        if (append.Entry.EpisodeId != append.Progress?.EpisodeId) throw new ArgumentException("a row of an episode needs the progress of its instance, and no other row has one", nameof(append));
        return Activity.Current is { Recorded: true } ? TracedAsync(append, cancellationToken) : EnqueueAsync(append, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _pending.Writer.TryComplete();
        await _writer;
    }

    private async Task<JournalVerdict> TracedAsync(JournalAppend append, CancellationToken cancellationToken)
    {
        using var span = CommandTrace.Part("append to journal", ActivityKind.Client);
        return await EnqueueAsync(append, cancellationToken);
    }

    private Task<JournalVerdict> EnqueueAsync(JournalAppend append, CancellationToken cancellationToken)
    {
        append.Pack();
        var pending = new PendingAppend(append);
        return _pending.Writer.TryWrite(pending)
            ? pending.Verdict.Task.WaitAsync(cancellationToken)
            : Task.FromException<JournalVerdict>(new WritingEndedException());
    }

    private async Task WriteAsync()
    {
        var group = new AppendGroup();
        PendingAppend? held = null;
        while (held is not null || await _pending.Reader.WaitToReadAsync())
        {
            group.Clear();
            while (!group.IsFull && (held ?? Next()) is { } pending)
            {
                held = group.TryAdd(pending) ? null : pending;
                if (held is not null) break;
            }

            await CommitAsync(group.Rows, uncertain: false);
        }
    }

    private PendingAppend? Next() => _pending.Reader.TryRead(out var pending) ? pending : null;

    /// <param name="group">The rows.</param>
    /// <param name="uncertain">An earlier try was cut off, so the rows may be in the database already.</param>
    private async Task CommitAsync(ArraySegment<PendingAppend> group, bool uncertain)
    {
        while (true)
        {
            var began = _time.GetTimestamp();
            try
            {
                var verdicts = await _commit.CommitAsync([.. group.Select(pending => pending.Append)]);
                for (var i = 0; i < group.Count; i++) await SettleAsync(group[i], verdicts[i], uncertain);
                _unavailableSince = null;
                return;
            }
            catch (Exception exception) when (DatabaseFailure.IsTransient(exception) && IsWaitedOut(began))
            {
                uncertain = true;
                await Task.Delay(RetryInterval, _time);
            }
            catch (Exception exception) when (group.Count > 1 && !DatabaseFailure.IsTransient(exception))
            {
                // One row that cannot be written, by the database or its driver, must not fail its neighbours: halving finds it in few commits.
                await CommitAsync(group[..(group.Count / 2)], uncertain);
                await CommitAsync(group[(group.Count / 2)..], uncertain);
                return;
            }
            catch (Exception exception)
            {
                foreach (var pending in group) pending.Verdict.TrySetException(exception);
                return;
            }
        }
    }

    /// <summary>Whether the outage that an attempt failed in has not lasted long. An attempt long after the last one that failed found another.</summary>
    private bool IsWaitedOut(long began)
    {
        if (_unavailableSince is null || _time.GetElapsedTime(_lastFailed, began) > LongestOutage) _unavailableSince = began;
        _lastFailed = _time.GetTimestamp();
        return _time.GetElapsedTime(_unavailableSince.Value) < LongestOutage;
    }

    /// <summary>A row that is refused after a try that was cut off may be refused because of itself: read before deciding.</summary>
    private async Task SettleAsync(PendingAppend pending, JournalVerdict verdict, bool uncertain)
    {
        if (verdict != JournalVerdict.Committed && uncertain && await IsRecordedAsync(pending.Append.Entry)) verdict = JournalVerdict.Committed;
        if (verdict == JournalVerdict.Duplicate) await ReplaceAsync(pending);
        else pending.Verdict.TrySetResult(verdict);
    }

    /// <summary>
    /// Puts a row in the place of another request's refusal under its id, or finds it refused. Whatever fails here fails this row alone: its
    /// neighbours are committed.
    /// </summary>
    private async Task ReplaceAsync(PendingAppend pending)
    {
        for (var uncertain = false; ; uncertain = true)
        {
            var began = _time.GetTimestamp();
            try
            {
                var refusal = await Refusals.FindOfAnotherAsync(_contexts, pending.Append.Entry, CancellationToken.None);
                var verdict = refusal is { } replaced ? await _commit.ReplaceAsync(pending.Append, replaced) : JournalVerdict.Duplicate;
                if (verdict != JournalVerdict.Committed && uncertain && await IsRecordedAsync(pending.Append.Entry)) verdict = JournalVerdict.Committed;
                pending.Verdict.TrySetResult(verdict);
                return;
            }
            catch (Exception exception) when (DatabaseFailure.IsTransient(exception) && IsWaitedOut(began))
            {
                await Task.Delay(RetryInterval, _time);
            }
            catch (Exception exception)
            {
                pending.Verdict.TrySetException(exception);
                return;
            }
        }
    }

    /// <summary>Whether this very row, and not another of the same command id, is in the journal.</summary>
    private async Task<bool> IsRecordedAsync(JournalEntry entry)
    {
        await using var context = await _contexts.OpenAsync(CancellationToken.None);
        return await context.EntryOf(entry.Tenant, entry.CommandId).AnyAsync(row => row.End == entry.End
            && row.EpisodeId == entry.EpisodeId
            && row.Worker == entry.Worker
            && row.Epoch == entry.Epoch);
    }
}
