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

        (await _reader.FindCommandAsync(row.Caller, append.Entry.CommandId, Cancel))!.Step.ShouldBe(1);
        var moved = (await _instances.FindLivingAsync(row.Caller, row.InstanceId, Cancel))!;
        (moved.NextStep, moved.EndReason, moved.LastUsedAt, moved.State).ShouldBe((2, "goal", 1234, InstanceState.Live));
    }

    [Fact]
    public async Task An_earlier_owner_writes_nothing()
    {
        var row = await Rows.ClaimAsync(store);
        var earlier = Rows.Step(row, 1);
        (await _instances.TakeOverAsync(row, "worker-b", Cancel)).ShouldBeTrue();

        (await _journal.AppendAsync(earlier, Cancel)).ShouldBe(JournalVerdict.Stale);

        (await _reader.FindCommandAsync(row.Caller, earlier.Entry.CommandId, Cancel)).ShouldBeNull();
        (await _instances.FindLivingAsync(row.Caller, row.InstanceId, Cancel))!.NextStep.ShouldBe(1);
        (await _journal.AppendAsync(Rows.Step(row, 1), Cancel)).ShouldBe(JournalVerdict.Committed);
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
        (await _reader.FindCommandAsync(row.Caller, append.Entry.CommandId, Cancel)).ShouldNotBeNull();
    }
}
