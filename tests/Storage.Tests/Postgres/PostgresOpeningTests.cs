using System.Text;
using Microsoft.EntityFrameworkCore;
using SandQueue.Storage.Connections;
using SandQueue.Storage.FaultInjection;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Tests.Postgres;

/// <summary>Many write at once on PostgreSQL: one names an opening while another removes it.</summary>
public sealed class PostgresOpeningTests(PostgresStore server) : IClassFixture<PostgresStore>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Age = TimeSpan.FromDays(30);

    private static readonly byte[] Answer = Encoding.UTF8.GetBytes($$"""{"state":["{{new string('p', 400)}}"]}""");

    private readonly StoreFixture _store = server.OrSkip();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_opening_that_a_Create_names_at_this_moment_is_not_removed()
    {
        var old = await Rows.ClaimAsync(_store);
        await AppendAsync(old);
        await EndLongAgoAsync(old);
        var (reached, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        _store.Get<Failpoints>().Set(Failpoint.BeforeCommit, () =>
        {
            reached.TrySetResult();
            return goOn.Task;
        });
        Task append, removal;
        var next = await Rows.ClaimAsync(_store);
        try
        {
            append = AppendAsync(next);
            await reached.Task.WaitAsync(Limit, Cancel);
            removal = _store.Get<EpisodeRetention>().RemoveAsync(Age, Cancel);
            await LockIsAwaitedAsync();
        }
        finally
        {
            _store.Get<Failpoints>().Set(Failpoint.BeforeCommit, null);
            goOn.SetResult();
        }

        await append.WaitAsync(Limit, Cancel);
        await removal.WaitAsync(Limit, Cancel);
        (await _store.Get<EpisodeReader>().ReadEpisodeAsync(old.EpisodeId, Cancel)).ShouldBeEmpty();
        (await _store.Get<EpisodeReader>().FindStepAsync(next.EpisodeId, 0, Cancel))!.Answer.ShouldBe(Answer);
    }

    private async Task AppendAsync(Instance row)
    {
        var entry = Rows.Entry(row, JournalKind.Create, 0);
        entry.Answer = Answer;
        (await _store.Get<EpisodeJournal>().AppendAsync(new JournalAppend(entry, Rows.Unmoved(row, row.NextStep) with { NextStep = 1 }), Cancel)).ShouldBe(JournalVerdict.Committed);
    }

    private async Task EndLongAgoAsync(Instance row)
    {
        var longest = Age + _store.Get<IJournalPartitions>().Grace(Age);
        var longAgo = await _store.NowAsync() - (long)longest.TotalMilliseconds - 1_000;
        await using var context = await _store.Get<IContextSource>().OpenForWritingAsync(Cancel);
        await context.Instances.Where(stored => stored.EpisodeId == row.EpisodeId).ExecuteUpdateAsync(set => set.SetProperty(stored => stored.EndedAt, longAgo), Cancel);
    }

    /// <summary>Ends when somebody waits for what the other has locked.</summary>
    private async Task LockIsAwaitedAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(Limit);
        while (true)
        {
            await using var context = await _store.Get<IContextSource>().OpenAsync(limit.Token);
            if (await context.Database.SqlQuery<int>($"SELECT count(*)::int AS \"Value\" FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'").SingleAsync(limit.Token) > 0) return;
        }
    }
}
