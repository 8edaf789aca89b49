using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;

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

        var (verdicts, _) = await AppendTogetherAsync(appends);

        verdicts.ShouldBe([JournalVerdict.Committed, JournalVerdict.Committed, JournalVerdict.Duplicate, JournalVerdict.Committed]);
        (await _reader.FindCommandAsync(tenant, "same", Cancel))!.EpisodeId.ShouldBe(rows[1].EpisodeId);
        (await _instances.FindLivingAsync(tenant, "i2", Cancel))!.NextStep.ShouldBe(1);
    }

    [Fact]
    public async Task A_command_id_of_an_earlier_group_fails_alone_too()
    {
        var tenant = Rows.NewCaller();
        var rows = await Task.WhenAll(Enumerable.Range(0, 3).Select(index => Rows.ClaimAsync(store, tenant, $"i{index}")));
        (await store.Get<EpisodeJournal>().AppendAsync(Rows.Alone(tenant, "taken"), Cancel)).ShouldBe(JournalVerdict.Committed);

        var (verdicts, _) = await AppendTogetherAsync([Rows.Step(rows[0], 1), Rows.Step(rows[1], 1, "taken"), Rows.Step(rows[2], 1)]);

        verdicts.ShouldBe([JournalVerdict.Committed, JournalVerdict.Duplicate, JournalVerdict.Committed]);
    }

    [Fact]
    public async Task A_row_that_cannot_be_written_fails_alone()
    {
        var rows = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Rows.ClaimAsync(store)));
        JournalAppend[] appends = [.. rows.Select(row => Rows.Step(row, 1))];
        store.MakeUnwritable(appends[1].Entry);

        var results = await TryTogetherAsync(appends);

        (await results[0]).ShouldBe(JournalVerdict.Committed);
        results[1].IsFaulted.ShouldBeTrue();
        (await results[2]).ShouldBe(JournalVerdict.Committed);
        (await _instances.FindLivingAsync(rows[1].Tenant, rows[1].InstanceId, Cancel))!.NextStep.ShouldBe(1);
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
        var journal = new EpisodeJournal(store.Get<IContextSource>(), store.Time);
        var appended = Enumerable.Range(0, 300).Select(index => journal.AppendAsync(Rows.Alone(tenant, $"c{index}"), CancellationToken.None)).ToList();

        await journal.DisposeAsync();

        appended.ShouldAllBe(append => append.IsCompletedSuccessfully);
        (await _reader.FindCommandAsync(tenant, "c299", Cancel)).ShouldNotBeNull();
        await Should.ThrowAsync<ObjectDisposedException>(journal.AppendAsync(Rows.Alone(tenant), Cancel));
    }

    /// <summary>Appends rows while a commit before them is held back, so that they form groups.</summary>
    /// <returns>Their verdicts, and how many commits they took.</returns>
    private async Task<(JournalVerdict[] Verdicts, int Commits)> AppendTogetherAsync(JournalAppend[] appends)
    {
        var contexts = new GatedContexts(store.Get<IContextSource>());
        var verdicts = await Task.WhenAll(await AppendBehindAsync(contexts, appends));
        return (verdicts, contexts.Opened - 1);
    }

    private async Task<Task<JournalVerdict>[]> TryTogetherAsync(JournalAppend[] appends) =>
        await AppendBehindAsync(new GatedContexts(store.Get<IContextSource>()), appends);

    private static async Task<Task<JournalVerdict>[]> AppendBehindAsync(GatedContexts contexts, JournalAppend[] appends)
    {
        await using var journal = new EpisodeJournal(contexts, TimeProvider.System);
        var before = journal.AppendAsync(Rows.Alone(Rows.NewCaller()), Cancel);
        await contexts.Arrived;
        Task<JournalVerdict>[] waiting = [.. appends.Select(append => journal.AppendAsync(append, Cancel))];
        contexts.Open();
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
