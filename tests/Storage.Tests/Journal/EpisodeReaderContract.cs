using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Tests.Journal;

public abstract class EpisodeReaderContract(StoreFixture store)
{
    private readonly EpisodeReader _reader = store.Get<EpisodeReader>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_replay_reads_what_it_repeats_and_compares_and_finds_an_answer_by_its_entry()
    {
        var row = await Rows.ClaimAsync(store);
        var create = new JournalAppend(Rows.Entry(row, JournalKind.Create, step: 0), Rows.Unmoved(row, 1));
        var step = Rows.Step(row, 1);
        (step.Entry.Action, step.Entry.Params, step.Entry.Answer) = ([1, 0, 2], [3], [4, 5]);
        (step.Entry.ObservationHash, step.Entry.Reward, step.Entry.Terminated) = ([6, 7], 0.5, true);
        foreach (var append in (JournalAppend[])[create, step, Rows.Evaluation(row, 2)]) await store.Get<EpisodeJournal>().AppendAsync(append, Cancel);

        var replay = await _reader.ReadCommandsAsync(row.EpisodeId, Cancel);

        replay.Select(entry => (entry.Kind, entry.Step)).ShouldBe([(JournalKind.Create, 0), (JournalKind.Step, 1), (JournalKind.Evaluate, null)]);
        (replay[1].CommandId, replay[1].Reward, replay[1].Terminated).ShouldBe((step.Entry.CommandId, 0.5, true));
        replay[1].Action.ShouldBe([1, 0, 2]);
        replay[1].Params.ShouldBe([3]);
        replay[1].ObservationHash.ShouldBe([6, 7]);
        (await _reader.ReadAnswerAsync(replay[1], Cancel)).ShouldBe([4, 5]);
        (await _reader.ReadCommandsAsync(long.MaxValue, Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Actions_are_read_by_their_steps_page_by_page()
    {
        var row = await Rows.ClaimAsync(store);
        var journal = store.Get<EpisodeJournal>();
        await journal.AppendAsync(new JournalAppend(Rows.Entry(row, JournalKind.Create, step: 0), Rows.Unmoved(row, 1)), Cancel);
        for (var number = 1; number <= 3; number++)
        {
            var step = Rows.Step(row, number);
            step.Entry.Action = [(byte)number];
            await journal.AppendAsync(step, Cancel);
            await journal.AppendAsync(Rows.Evaluation(row, number + 1), Cancel);
        }

        await PageAsync(after: 0, most: 2, mostBytes: 100, hasMore: true, (1, 1), (2, 2));
        await PageAsync(after: 2, most: 2, mostBytes: 100, hasMore: false, (3, 3));
        await PageAsync(after: 0, most: 9, mostBytes: 0, hasMore: true, (1, 1));

        async Task PageAsync(int after, int most, long mostBytes, bool hasMore, params (int, byte)[] expected)
        {
            var (actions, more) = await _reader.ReadActionsAsync(row.EpisodeId, after, most, mostBytes, Cancel);
            actions.Select(step => (step.Step, step.Action[0])).ShouldBe(expected);
            more.ShouldBe(hasMore);
        }
    }
}
