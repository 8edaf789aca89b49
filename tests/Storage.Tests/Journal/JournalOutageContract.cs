using System.Data.Common;
using SandQueue.Contracts;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Tests.Journal;

/// <summary>What becomes of rows while the database is away, and after a commit that was cut off.</summary>
public abstract class JournalOutageContract(StoreFixture store)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly SkippingTime _time = new();
    private readonly EpisodeReader _reader = store.Get<EpisodeReader>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_short_outage_is_waited_out()
    {
        var commits = Broken(attempt => attempt <= 5 ? store.NewOutage() : null);
        await using var journal = NewJournal(commits);
        var tenant = Rows.NewCaller();

        (await journal.AppendAsync(Rows.Alone(tenant, "c"), Cancel).WaitAsync(Limit, Cancel)).ShouldBe(JournalVerdict.Committed);
        commits.Attempts.ShouldBe(6);
    }

    [Fact]
    public async Task A_long_outage_fails_its_rows_in_time_and_no_later_ones()
    {
        var unavailable = true;
        var tenant = Rows.NewCaller();
        List<Task<JournalVerdict>> appended = [];
        EpisodeJournal? begun = null;
        var commits = Broken(attempt =>
        {
            // The first goes alone, the others form a group behind it.
            if (attempt == 1) appended.AddRange(Enumerable.Range(1, 20).Select(index => begun!.AppendAsync(Rows.Alone(tenant, $"c{index}"), Cancel)));
            return unavailable ? store.NewOutage() : null;
        });
        await using var journal = begun = NewJournal(commits);
        var started = _time.GetTimestamp();

        await Should.ThrowAsync<DbException>(journal.AppendAsync(Rows.Alone(tenant, "c0"), Cancel).WaitAsync(Limit, Cancel));
        appended.Count.ShouldBe(20);
        foreach (var append in appended) await Should.ThrowAsync<DbException>(append.WaitAsync(Limit, Cancel));

        _time.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(20), "those behind wait from when the outage began, and not anew");
        unavailable = false;
        (await journal.AppendAsync(Rows.Alone(tenant, "c0"), Cancel)).ShouldBe(JournalVerdict.Committed);
    }

    [Fact]
    public async Task After_a_long_outage_a_short_one_is_waited_out()
    {
        var failing = int.MaxValue;
        var commits = Broken(_ => failing-- > 0 ? store.NewOutage() : null);
        await using var journal = NewJournal(commits);
        var tenant = Rows.NewCaller();
        await Should.ThrowAsync<DbException>(journal.AppendAsync(Rows.Alone(tenant, "long"), Cancel).WaitAsync(Limit, Cancel));

        // Nobody asked meanwhile, so nobody saw that the first was over.
        _time.Advance(TimeSpan.FromHours(1));
        failing = 5;
        (await journal.AppendAsync(Rows.Alone(tenant, "short"), Cancel).WaitAsync(Limit, Cancel)).ShouldBe(JournalVerdict.Committed);
        failing = 5;
        (await journal.AppendAsync(Rows.Alone(tenant, "next"), Cancel).WaitAsync(Limit, Cancel)).ShouldBe(JournalVerdict.Committed);
    }

    [Fact]
    public async Task Any_other_failure_is_not_waited_out()
    {
        var commits = Broken(attempt => attempt == 1 ? new InvalidOperationException("broken") : null);
        await using var journal = NewJournal(commits);
        var tenant = Rows.NewCaller();

        await Should.ThrowAsync<InvalidOperationException>(journal.AppendAsync(Rows.Alone(tenant, "c"), Cancel));

        (await journal.AppendAsync(Rows.Alone(tenant, "c"), Cancel)).ShouldBe(JournalVerdict.Committed);
    }

    [Fact]
    public async Task A_commit_that_was_cut_off_after_it_took_effect_counts_as_committed()
    {
        var row = await Rows.ClaimAsync(store);
        var append = Rows.Step(row, 1);
        var commits = new BrokenCommits(store.Get<IJournalCommit>(), async attempt =>
        {
            if (attempt > 1) return null;
            (await store.Get<EpisodeJournal>().AppendAsync(append, Cancel)).ShouldBe(JournalVerdict.Committed);
            return store.NewOutage();
        });
        await using var journal = NewJournal(commits);

        (await journal.AppendAsync(append, Cancel).WaitAsync(Limit, Cancel)).ShouldBe(JournalVerdict.Committed);
        (await _reader.ReadEpisodeAsync(row.EpisodeId, Cancel)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Another_end_that_was_written_during_an_outage_is_not_taken_for_ones_own()
    {
        var row = await Rows.ClaimAsync(store);
        var append = Rows.Step(row, 1);
        var expired = Rows.Alone(row.Tenant, append.Entry.CommandId);
        var commits = new BrokenCommits(store.Get<IJournalCommit>(), async attempt =>
        {
            if (attempt > 1) return null;
            (await store.Get<EpisodeJournal>().AppendAsync(expired, Cancel)).ShouldBe(JournalVerdict.Committed);
            return store.NewOutage();
        });
        await using var journal = NewJournal(commits);

        (await journal.AppendAsync(append, Cancel).WaitAsync(Limit, Cancel)).ShouldBe(JournalVerdict.Duplicate);
        (await _reader.FindCommandAsync(row.Tenant, append.Entry.CommandId, Cancel))!.End.ShouldBe(CommandEnd.Expired);
    }

    [Fact]
    public async Task An_outage_while_it_reads_what_it_wrote_does_not_end_the_journal()
    {
        var tenant = Rows.NewCaller();
        var append = Rows.Alone(tenant, "c");

        // Cut off after it took effect; refused as a duplicate of itself; unavailable again when it reads what is there.
        var commits = new BrokenCommits(store.Get<IJournalCommit>(), async attempt =>
        {
            if (attempt == 1) await store.Get<EpisodeJournal>().AppendAsync(append, Cancel);
            return attempt == 1 ? store.NewOutage() : null;
        });
        var contexts = new BrokenContexts(store.Get<IContextSource>(), attempt => attempt == 1 ? store.NewOutage() : null);
        await using var journal = new EpisodeJournal(commits, contexts, _time);

        var appended = journal.AppendAsync(append, Cancel);
        var next = journal.AppendAsync(Rows.Alone(tenant, "next"), Cancel);

        (await appended.WaitAsync(Limit, Cancel)).ShouldBe(JournalVerdict.Committed);
        (await next.WaitAsync(Limit, Cancel)).ShouldBe(JournalVerdict.Committed);
    }

    [Fact]
    public async Task A_refusal_is_replaced_after_an_outage_too()
    {
        var (row, append) = await NewRefusedAsync();
        var commits = Broken(attempt => attempt is 2 or 3 ? store.NewOutage() : null);
        await using var journal = NewJournal(commits);

        (await journal.AppendAsync(append, Cancel).WaitAsync(Limit, Cancel)).ShouldBe(JournalVerdict.Committed);

        commits.Attempts.ShouldBe(4, "refused once, then three to replace it");
        (await _reader.FindCommandAsync(row.Tenant, append.Entry.CommandId, Cancel))!.End.ShouldBe(CommandEnd.Completed);
    }

    [Fact]
    public async Task A_replacement_that_was_cut_off_after_it_took_effect_counts_as_committed()
    {
        var (row, append) = await NewRefusedAsync();
        var commits = new BrokenCommits(store.Get<IJournalCommit>(), async attempt =>
        {
            if (attempt != 2) return null;
            (await store.Get<EpisodeJournal>().AppendAsync(append, Cancel)).ShouldBe(JournalVerdict.Committed);
            return store.NewOutage();
        });
        await using var journal = NewJournal(commits);

        (await journal.AppendAsync(append, Cancel).WaitAsync(Limit, Cancel)).ShouldBe(JournalVerdict.Committed);
        (await _reader.ReadEpisodeAsync(row.EpisodeId, Cancel)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_refusal_stays_where_nothing_takes_its_place()
    {
        var (row, append) = await NewRefusedAsync();
        await using var failing = NewJournal(Broken(attempt => attempt == 1 ? null : new InvalidOperationException("broken")));
        await Should.ThrowAsync<InvalidOperationException>(failing.AppendAsync(append, Cancel).WaitAsync(Limit, Cancel));
        (await _reader.FindCommandAsync(row.Tenant, append.Entry.CommandId, Cancel))!.End.ShouldBe(CommandEnd.Rejected);

        await using var journal = NewJournal(store.Get<IJournalCommit>());
        var late = append with { Progress = append.Progress! with { Epoch = 7 } };
        (await journal.AppendAsync(late, Cancel).WaitAsync(Limit, Cancel)).ShouldBe(JournalVerdict.Stale);

        (await _reader.FindCommandAsync(row.Tenant, append.Entry.CommandId, Cancel))!.End.ShouldBe(CommandEnd.Rejected);
    }

    /// <summary>A step of an instance under an id that another request, which was wrong, has used.</summary>
    private async Task<(Instance Row, JournalAppend Append)> NewRefusedAsync()
    {
        var row = await Rows.ClaimAsync(store);
        var append = Rows.Step(row, 1);
        var refused = Rows.Alone(row.Tenant, append.Entry.CommandId);
        (refused.Entry.End, refused.Entry.Reason, refused.Entry.Action) = (CommandEnd.Rejected, CommandReason.InvalidRequest, "5"u8.ToArray());
        (await store.Get<EpisodeJournal>().AppendAsync(refused, Cancel)).ShouldBe(JournalVerdict.Committed);
        return (row, append);
    }

    private EpisodeJournal NewJournal(IJournalCommit commits) => new(commits, store.Get<IContextSource>(), _time);

    private BrokenCommits Broken(Func<int, Exception?> fails) => new(store.Get<IJournalCommit>(), attempt => Task.FromResult(fails(attempt)));
}
