using SandQueue.Rollouts.Policies.Replays;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Tests.Rollouts;

/// <summary>The episodes that replays and forks play again, as the journal has them.</summary>
public abstract class JournaledEpisodesContract(StoreFixture store)
{
    private readonly string _tenant = Rows.NewCaller();
    private readonly JournaledEpisodes _episodes = new(store.Get<InstanceDirectory>(), store.Get<EpisodeReader>());

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_episode_is_found_by_its_number_and_by_its_instance_with_all_that_was_done_in_order()
    {
        var row = await PlayAsync("mine", (byte)'a');

        var found = (await _episodes.FindAsync(_tenant, row.EpisodeId, null, Cancel)).ShouldNotBeNull();

        (found.EpisodeId, found.EnvType, found.TaskId).ShouldBe((row.EpisodeId, "countdown", "t"));
        found.Params.ShouldBe([9, 0, 9]);
        found.Steps.Select(step => (step.Kind, step.Step)).ShouldBe([(JournalKind.Create, 0), (JournalKind.Step, 1), (JournalKind.Step, 2)]);
        found.Steps[2].Action.ShouldBe([(byte)'a', 2]);
        (found.EvaluationsAfter(1).Count, found.EvaluationsAfter(2).Count, found.LastEvaluation!.Reward, found.Score).ShouldBe((1, 0, 0.5, 0.5));
        (await _episodes.ReadAnswerAsync(found.Steps[1], Cancel)).ShouldBe([(byte)'a', 0, 1]);
        (await _episodes.FindAsync(_tenant, null, "mine", Cancel))!.EpisodeId.ShouldBe(row.EpisodeId);
    }

    [Fact]
    public async Task The_newest_of_a_name_is_meant_and_another_tenant_finds_none()
    {
        var first = await PlayAsync("again", (byte)'a');
        await store.Get<EpisodeJournal>().AppendAsync(Rows.Release(first, 3), Cancel);
        var second = await PlayAsync("again", (byte)'b');

        (await _episodes.FindAsync(_tenant, null, "again", Cancel))!.Steps[1].Action.ShouldBe([(byte)'b', 1]);
        (await _episodes.FindAsync(_tenant, first.EpisodeId, null, Cancel))!.Steps[1].Action.ShouldBe([(byte)'a', 1]);
        (await _episodes.FindAsync(Rows.NewCaller(), second.EpisodeId, null, Cancel)).ShouldBeNull();
        (await _episodes.FindAsync(Rows.NewCaller(), null, "again", Cancel)).ShouldBeNull();
        (await _episodes.FindAsync(_tenant, long.MaxValue, null, Cancel)).ShouldBeNull();
    }

    /// <summary>Two steps, an evaluation after each.</summary>
    private async Task<Instance> PlayAsync(string instanceId, byte mark)
    {
        var row = Rows.NewInstance(_tenant, instanceId);
        row.Params = [9, 0, 9];
        await Rows.ClaimAsync(store, row);
        var journal = store.Get<EpisodeJournal>();
        await journal.AppendAsync(new JournalAppend(Rows.Entry(row, JournalKind.Create, step: 0), Rows.Unmoved(row, 1)), Cancel);
        for (var number = 1; number <= 2; number++)
        {
            var step = Rows.Step(row, number);
            (step.Entry.Action, step.Entry.Answer) = ([mark, (byte)number], [mark, 0, (byte)number]);
            await journal.AppendAsync(step, Cancel);
            var evaluation = Rows.Evaluation(row, number + 1);
            evaluation.Entry.Reward = number / 4.0;
            await journal.AppendAsync(evaluation, Cancel);
        }

        return row;
    }
}
