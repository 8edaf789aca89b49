using System.Data.Common;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Tests.Journal;

/// <summary>What becomes of a row that is appended alone.</summary>
public abstract class JournalVerdictContract(StoreFixture store)
{
    private readonly EpisodeJournal _journal = store.Get<EpisodeJournal>();
    private readonly EpisodeReader _reader = store.Get<EpisodeReader>();
    private readonly InstanceDirectory _instances = store.Get<InstanceDirectory>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_committed_step_is_in_the_journal_and_moved_its_instance_on()
    {
        var row = await Rows.ClaimAsync(store);
        var append = Rows.Step(row, 1);
        append = append with { Progress = append.Progress! with { EndReason = "goal", LastUsedAt = 1234 } };

        (await _journal.AppendAsync(append, Cancel)).ShouldBe(JournalVerdict.Committed);

        (await _reader.FindCommandAsync(row.Tenant, append.Entry.CommandId, Cancel))!.Step.ShouldBe(1);
        var moved = (await _instances.FindLivingAsync(row.Tenant, row.InstanceId, Cancel))!;
        (moved.NextStep, moved.EndReason, moved.LastUsedAt, moved.State).ShouldBe((2, "goal", 1234, InstanceState.Live));
    }

    [Fact]
    public async Task An_earlier_owner_writes_nothing()
    {
        var row = await Rows.ClaimAsync(store);
        var earlier = Rows.Step(row, 1);
        (await _instances.TakeOverAsync(row, "worker-b", Cancel)).ShouldBeTrue();

        (await _journal.AppendAsync(earlier, Cancel)).ShouldBe(JournalVerdict.Stale);

        (await _reader.FindCommandAsync(row.Tenant, earlier.Entry.CommandId, Cancel)).ShouldBeNull();
        (await _instances.FindLivingAsync(row.Tenant, row.InstanceId, Cancel))!.NextStep.ShouldBe(1);
        (await _journal.AppendAsync(Rows.Step(row, 1), Cancel)).ShouldBe(JournalVerdict.Committed);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_step_that_is_not_the_next_is_stale(int step)
    {
        var row = await Rows.ClaimAsync(store);
        (await _journal.AppendAsync(Rows.Step(row, 1), Cancel)).ShouldBe(JournalVerdict.Committed);
        var wrong = Rows.Step(row, step);

        (await _journal.AppendAsync(wrong, Cancel)).ShouldBe(JournalVerdict.Stale);

        (await _reader.FindCommandAsync(row.Tenant, wrong.Entry.CommandId, Cancel)).ShouldBeNull();
        (await _instances.FindLivingAsync(row.Tenant, row.InstanceId, Cancel))!.NextStep.ShouldBe(2);
    }

    [Fact]
    public async Task An_ended_instance_takes_no_rows()
    {
        var row = await Rows.ClaimAsync(store);
        (await _journal.AppendAsync(Rows.Release(row, 1), Cancel)).ShouldBe(JournalVerdict.Committed);

        (await _journal.AppendAsync(Rows.Step(row, 1), Cancel)).ShouldBe(JournalVerdict.Stale);
        (await _journal.AppendAsync(Rows.Release(row, 1), Cancel)).ShouldBe(JournalVerdict.Stale);

        var ended = (await _instances.FindNewestAsync(row.Tenant, row.InstanceId, Cancel))!;
        (ended.State, ended.EndedAt, ended.EndDetail).ShouldBe((InstanceState.Released, 77, "was released"));
    }

    [Fact]
    public async Task An_instance_that_never_was_takes_no_rows()
    {
        var row = Rows.NewInstance(Rows.NewCaller());
        row.EpisodeId = long.MaxValue;

        (await _journal.AppendAsync(Rows.Step(row, 1), Cancel)).ShouldBe(JournalVerdict.Stale);
    }

    [Fact]
    public async Task A_command_id_is_taken_once_for_each_caller()
    {
        var first = await Rows.ClaimAsync(store);
        var second = await Rows.ClaimAsync(store, first.Tenant, "j");
        var stranger = await Rows.ClaimAsync(store);

        (await _journal.AppendAsync(Rows.Step(first, 1, "c"), Cancel)).ShouldBe(JournalVerdict.Committed);
        (await _journal.AppendAsync(Rows.Step(second, 1, "c"), Cancel)).ShouldBe(JournalVerdict.Duplicate);
        (await _journal.AppendAsync(Rows.Step(stranger, 1, "c"), Cancel)).ShouldBe(JournalVerdict.Committed);

        (await _reader.FindCommandAsync(first.Tenant, "c", Cancel))!.EpisodeId.ShouldBe(first.EpisodeId);
        (await _instances.FindLivingAsync(second.Tenant, "j", Cancel))!.NextStep.ShouldBe(1);
    }

    [Fact]
    public async Task A_step_number_is_taken_once_in_an_episode()
    {
        var row = await Rows.ClaimAsync(store);
        (await _journal.AppendAsync(Rows.Step(row, 1), Cancel)).ShouldBe(JournalVerdict.Committed);
        var again = new JournalAppend(Rows.Entry(row, JournalKind.Step, step: 1), Rows.Unmoved(row, nextStep: 2));

        (await _journal.AppendAsync(again, Cancel)).ShouldBe(JournalVerdict.Duplicate);

        (await _reader.FindCommandAsync(row.Tenant, again.Entry.CommandId, Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task A_command_that_reached_no_instance_has_its_row_too()
    {
        var tenant = Rows.NewCaller();

        (await _journal.AppendAsync(Rows.Alone(tenant, "c"), Cancel)).ShouldBe(JournalVerdict.Committed);
        (await _journal.AppendAsync(Rows.Alone(tenant, "c"), Cancel)).ShouldBe(JournalVerdict.Duplicate);

        (await _reader.FindCommandAsync(tenant, "c", Cancel))!.EpisodeId.ShouldBeNull();
    }

    [Fact]
    public async Task A_row_that_breaks_another_rule_is_no_duplicate()
    {
        await Should.ThrowAsync<DbException>(_journal.AppendAsync(Rows.Alone(tenant: null!), Cancel));
    }

    [Fact]
    public async Task Cancelling_stops_the_wait_and_not_the_write()
    {
        var row = await Rows.ClaimAsync(store);
        var append = Rows.Step(row, 1);
        using var given = new CancellationTokenSource();
        await given.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(_journal.AppendAsync(append, given.Token));

        // The next row of the instance is behind it in the same journal.
        (await _journal.AppendAsync(Rows.Step(row, 2), Cancel)).ShouldBe(JournalVerdict.Committed);
        (await _reader.FindCommandAsync(row.Tenant, append.Entry.CommandId, Cancel)).ShouldNotBeNull();
    }
}
