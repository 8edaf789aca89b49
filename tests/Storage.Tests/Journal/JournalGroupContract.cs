using SandQueue.Storage.Connections;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Tests.Journal;

/// <summary>What becomes of rows that wait together.</summary>
public abstract class JournalGroupContract(StoreFixture store)
{
    private readonly EpisodeReader _reader = store.Get<EpisodeReader>();
    private readonly InstanceDirectory _instances = store.Get<InstanceDirectory>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rows_that_wait_at_the_same_time_share_a_commit()
    {
        var rows = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Rows.ClaimAsync(store)));

        var (verdicts, commits) = await AppendTogetherAsync([.. rows.Select(row => Rows.Step(row, 1))]);

        verdicts.ShouldAllBe(verdict => verdict == JournalVerdict.Committed);
        commits.ShouldBe(1);
        foreach (var row in rows) (await _instances.FindLivingAsync(row.Tenant, row.InstanceId, Cancel))!.NextStep.ShouldBe(2);
    }

    [Fact]
    public async Task A_stale_row_drops_out_of_its_group_alone()
    {
        var rows = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Rows.ClaimAsync(store)));
        var appends = rows.Select(row => Rows.Step(row, 1)).ToArray();
        (await _instances.TakeOverAsync(rows[1], "worker-b", Cancel)).ShouldBeTrue();
        appends[3] = Rows.Step(rows[3], 2);

        var (verdicts, commits) = await AppendTogetherAsync(appends);

        verdicts.ShouldBe([JournalVerdict.Committed, JournalVerdict.Stale, JournalVerdict.Committed, JournalVerdict.Stale, JournalVerdict.Committed]);
        commits.ShouldBe(1);
        await RecordedAsync(appends, verdicts);
    }

    [Fact]
    public async Task A_group_of_stale_rows_writes_nothing()
    {
        var rows = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Rows.ClaimAsync(store)));
        JournalAppend[] appends = [.. rows.Select(row => Rows.Step(row, 7))];

        var (verdicts, _) = await AppendTogetherAsync(appends);

        verdicts.ShouldAllBe(verdict => verdict == JournalVerdict.Stale);
        await RecordedAsync(appends, verdicts);
    }

    [Fact]
    public async Task A_command_id_twice_in_a_group_is_taken_once_and_its_neighbours_are_committed()
    {
        var tenant = Rows.NewCaller();
        var rows = await Task.WhenAll(Enumerable.Range(0, 4).Select(index => Rows.ClaimAsync(store, tenant, $"i{index}")));
        JournalAppend[] appends = [Rows.Step(rows[0], 1), Rows.Step(rows[1], 1, "same"), Rows.Step(rows[2], 1, "same"), Rows.Step(rows[3], 1)];

        var (verdicts, commits) = await AppendTogetherAsync(appends);

        verdicts.ShouldBe([JournalVerdict.Committed, JournalVerdict.Committed, JournalVerdict.Duplicate, JournalVerdict.Committed]);
        commits.ShouldBe(2, "the second of one id waits for the next group");
        (await _reader.FindCommandAsync(tenant, "same", Cancel))!.EpisodeId.ShouldBe(rows[1].EpisodeId);
        (await _instances.FindLivingAsync(tenant, "i2", Cancel))!.NextStep.ShouldBe(1);
    }

    [Fact]
    public async Task Recorded_command_ids_cost_their_group_no_second_commit()
    {
        var tenant = Rows.NewCaller();
        var rows = await Task.WhenAll(Enumerable.Range(0, 50).Select(index => Rows.ClaimAsync(store, tenant, $"i{index}")));
        var journal = store.Get<EpisodeJournal>();
        foreach (var id in (string[])["a", "b"]) (await journal.AppendAsync(Rows.Alone(tenant, id), Cancel)).ShouldBe(JournalVerdict.Committed);
        JournalAppend[] appends = [.. rows.Select(row => Rows.Step(row, 1))];
        appends[3] = Rows.Step(rows[3], 1, "a");
        appends[20] = Rows.Alone(tenant, "b");

        var (verdicts, commits) = await AppendTogetherAsync(appends);

        commits.ShouldBe(1);
        verdicts.Select((verdict, index) => (verdict, index)).Where(row => row.verdict != JournalVerdict.Committed)
            .ShouldBe([(JournalVerdict.Duplicate, 3), (JournalVerdict.Duplicate, 20)]);
        (await _instances.FindLivingAsync(tenant, "i3", Cancel))!.NextStep.ShouldBe(1, "its row was not inserted");
        (await _instances.FindLivingAsync(tenant, "i4", Cancel))!.NextStep.ShouldBe(2);
    }

    [Fact]
    public async Task A_recorded_step_that_its_instance_expects_all_the_same_is_refused_alone()
    {
        var tenant = Rows.NewCaller();
        var rows = await Task.WhenAll(Enumerable.Range(0, 9).Select(index => Rows.ClaimAsync(store, tenant, $"i{index}")));
        (await store.Get<EpisodeJournal>().AppendAsync(Rows.Step(rows[7], 1), Cancel)).ShouldBe(JournalVerdict.Committed);
        JournalAppend[] appends = [.. rows.Select(row => Rows.Step(row, 1))];
        appends[7] = new JournalAppend(Rows.Entry(rows[7], JournalKind.Step, step: 1), Rows.Unmoved(rows[7], nextStep: 2));

        var (verdicts, _) = await AppendTogetherAsync(appends);

        verdicts.Select((verdict, index) => (verdict, index)).Where(row => row.verdict != JournalVerdict.Committed).ShouldBe([(JournalVerdict.Duplicate, 7)]);
        await RecordedAsync(appends, verdicts);
    }

    [Fact]
    public async Task A_row_that_cannot_be_written_fails_alone()
    {
        var rows = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Rows.ClaimAsync(store)));
        JournalAppend[] appends = [.. rows.Select(row => Rows.Step(row, 1))];
        store.MakeUnwritable(appends[21].Entry);
        var commits = NewGate();

        var results = await AppendBehindAsync(commits, appends);

        results.Select((result, index) => (result.IsFaulted, index)).Single(result => result.IsFaulted).index.ShouldBe(21);
        (await Task.WhenAll(results.Where(result => !result.IsFaulted))).ShouldAllBe(verdict => verdict == JournalVerdict.Committed);
        (await _instances.FindLivingAsync(rows[21].Tenant, rows[21].InstanceId, Cancel))!.NextStep.ShouldBe(1);
        commits.Begun.ShouldBeLessThanOrEqualTo(1 + 1 + (2 * 6), "it is found by halving");
    }

    [Fact]
    public async Task Rows_of_one_instance_are_committed_in_their_order_though_they_wait_together()
    {
        var row = await Rows.ClaimAsync(store);
        var other = await Rows.ClaimAsync(store);
        JournalAppend[] appends = [Rows.Step(row, 1), Rows.Step(other, 1), Rows.Step(row, 2), Rows.Evaluation(row, 3), Rows.Step(row, 3)];

        var (verdicts, _) = await AppendTogetherAsync(appends);

        verdicts.ShouldAllBe(verdict => verdict == JournalVerdict.Committed);
        (await _reader.ReadEpisodeAsync(row.EpisodeId, Cancel)).Select(entry => entry.Step).ShouldBe([1, 2, null, 3]);
    }

    [Fact]
    public async Task A_large_group_loses_nothing()
    {
        var tenant = Rows.NewCaller();

        var (verdicts, commits) = await AppendTogetherAsync([.. Enumerable.Range(0, 600).Select(index => Rows.Alone(tenant, $"c{index}"))]);

        verdicts.ShouldAllBe(verdict => verdict == JournalVerdict.Committed);
        commits.ShouldBeInRange(3, 5);
        for (var index = 0; index < 600; index += 50) (await _reader.FindCommandAsync(tenant, $"c{index}", Cancel)).ShouldNotBeNull();
    }

    [Fact]
    public async Task The_end_of_the_journal_writes_what_waits()
    {
        var tenant = Rows.NewCaller();
        var journal = new EpisodeJournal(store.Get<IJournalCommit>(), store.Get<IContextSource>(), store.Time);
        var appended = Enumerable.Range(0, 300).Select(index => journal.AppendAsync(Rows.Alone(tenant, $"c{index}"), CancellationToken.None)).ToList();

        await journal.DisposeAsync();

        appended.ShouldAllBe(append => append.IsCompletedSuccessfully);
        (await _reader.FindCommandAsync(tenant, "c299", Cancel)).ShouldNotBeNull();
        DatabaseFailure.Is(await Should.ThrowAsync<Exception>(journal.AppendAsync(Rows.Alone(tenant), Cancel))).ShouldBeTrue();
    }

    /// <summary>Appends rows while a commit before them is held back, so that they form groups.</summary>
    /// <returns>Their verdicts, and how many commits they took.</returns>
    private async Task<(JournalVerdict[] Verdicts, int Commits)> AppendTogetherAsync(JournalAppend[] appends)
    {
        var commits = NewGate();
        var verdicts = await Task.WhenAll(await AppendBehindAsync(commits, appends));
        return (verdicts, commits.Begun - 1);
    }

    private GatedCommits NewGate() => new(store.Get<IJournalCommit>());

    private async Task<Task<JournalVerdict>[]> AppendBehindAsync(GatedCommits commits, JournalAppend[] appends)
    {
        await using var journal = new EpisodeJournal(commits, store.Get<IContextSource>(), TimeProvider.System);
        var before = journal.AppendAsync(Rows.Alone(Rows.NewCaller()), Cancel);
        await commits.Arrived;
        Task<JournalVerdict>[] waiting = [.. appends.Select(append => journal.AppendAsync(append, Cancel))];
        commits.Open();
        await before;
        await Task.WhenAll(waiting).ContinueWith(_ => { }, TaskScheduler.Default);
        return waiting;
    }

    private async Task RecordedAsync(JournalAppend[] appends, JournalVerdict[] verdicts)
    {
        for (var i = 0; i < appends.Length; i++)
        {
            var entry = await _reader.FindCommandAsync(appends[i].Entry.Tenant, appends[i].Entry.CommandId, Cancel);
            (entry is not null).ShouldBe(verdicts[i] == JournalVerdict.Committed);
        }
    }
}
