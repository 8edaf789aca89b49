using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;
using SandQueue.Storage.Rollouts;
using SandQueue.Storage.Tests.Rollouts;

namespace SandQueue.Storage.Tests.Journal;

public abstract class EpisodeExportsContract(StoreFixture store)
{
    private readonly EpisodeExports _exports = store.Get<EpisodeExports>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pages_have_every_ended_episode_of_their_tenant_once_in_order()
    {
        var tenant = Rows.NewCaller();
        var ended = new List<long>();
        for (var i = 0; i < 7; i++) ended.Add(await EndedAsync(tenant, $"i{i}"));
        await Rows.ClaimAsync(store, tenant, "living");
        await EndedAsync(Rows.NewCaller(), "of another tenant");
        await EndedAsync(tenant, "never made", state: InstanceState.Failed);

        var seen = new List<long>();
        for (var after = 0L; ;)
        {
            var page = await _exports.ListAsync(new EpisodeFilter(tenant), after, most: 3, Cancel);
            seen.AddRange(page.Select(head => head.EpisodeId));
            if (page.Count < 3) break;
            after = page[^1].EpisodeId;
        }

        seen.ShouldBe(ended);
        (await _exports.FindAsync(tenant, ended[0], Cancel))!.InstanceId.ShouldBe("i0");
        (await _exports.FindAsync(Rows.NewCaller(), ended[0], Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task The_reward_is_the_score_of_the_last_evaluation_and_filters_need_one()
    {
        var tenant = Rows.NewCaller();
        await EndedAsync(tenant, "won", scores: [0, 1]);
        await EndedAsync(tenant, "lost", scores: [1, 0]);
        await EndedAsync(tenant, "not evaluated");

        (await _exports.ListAsync(new EpisodeFilter(tenant), 0, 10, Cancel)).Select(head => (head.InstanceId, head.Reward)).ShouldBe([("won", 1), ("lost", 0), ("not evaluated", null)]);
        (await NamesAsync(new EpisodeFilter(tenant) { MinReward = 1 })).ShouldBe(["won"]);
        (await NamesAsync(new EpisodeFilter(tenant) { MaxReward = 0.5 })).ShouldBe(["lost"]);
    }

    [Theory]
    [InlineData(InstanceState.Lost)]
    [InlineData(InstanceState.Diverged)]
    public async Task An_episode_whose_instance_was_not_released_has_no_reward(InstanceState state)
    {
        var tenant = Rows.NewCaller();
        await EndedAsync(tenant, "broken", state: state, scores: [1]);

        (await _exports.ListAsync(new EpisodeFilter(tenant), 0, 10, Cancel)).ShouldHaveSingleItem().Reward.ShouldBeNull();
        (await NamesAsync(new EpisodeFilter(tenant) { MinReward = 0 })).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_scored_before_the_last_step_is_no_reward()
    {
        var tenant = Rows.NewCaller();
        var row = await Rows.ClaimAsync(store, tenant);
        var journal = store.Get<EpisodeJournal>();
        await journal.AppendAsync(Scored(row, nextStep: 1), Cancel);
        await journal.AppendAsync(Rows.Step(row, 1), Cancel);
        await store.Get<InstanceDirectory>().EndAsync(row.EpisodeId, row.Epoch, InstanceState.Released, "was released", 9, Cancel);
        var evaluated = await Rows.ClaimAsync(store, tenant, "evaluated");
        await journal.AppendAsync(Rows.Step(evaluated, 1), Cancel);
        await journal.AppendAsync(Scored(evaluated, nextStep: 2), Cancel);
        await store.Get<InstanceDirectory>().EndAsync(evaluated.EpisodeId, evaluated.Epoch, InstanceState.Released, "was released", 9, Cancel);

        (await _exports.ListAsync(new EpisodeFilter(tenant), 0, 10, Cancel)).Select(head => (head.InstanceId, head.Reward)).ShouldBe([("i", null), ("evaluated", 1)]);

        static JournalAppend Scored(Instance row, int nextStep)
        {
            var evaluation = Rows.Evaluation(row, nextStep);
            evaluation.Entry.Reward = 1;
            return evaluation;
        }
    }

    [Fact]
    public async Task Filters_leave_out_other_environments_reasons_and_times()
    {
        var tenant = Rows.NewCaller();
        await EndedAsync(tenant, "a", endedAt: 10);
        await EndedAsync(tenant, "b", environment: "bfcl", endedAt: 20);

        (await NamesAsync(new EpisodeFilter(tenant) { EnvType = "bfcl" })).ShouldBe(["b"]);
        (await NamesAsync(new EpisodeFilter(tenant) { After = 10, Before = 20 })).ShouldBe(["a"]);
        (await NamesAsync(new EpisodeFilter(tenant) { After = 20 })).ShouldBe(["b"]);
        (await NamesAsync(new EpisodeFilter(tenant) { EndReason = "goal" })).ShouldBeEmpty();
    }

    [Fact]
    public async Task Episodes_of_a_batch_are_those_of_its_rollouts_newest_attempts()
    {
        var tenant = Rows.NewCaller();
        var batch = BatchRows.New(tenant, items: 2);
        Rollout[] rollouts = [.. Enumerable.Range(0, 2).Select(number => new Rollout { Tenant = tenant, RolloutId = $"b-{number}", Number = number, TaskId = "t", Attempt = 1 + number })];
        (await store.Get<BatchEntry>().AddAsync(batch, rollouts, Cancel)).ShouldBe(BatchEntered.Whole);
        foreach (var name in (string[])["b-0-1", "b-1-1", "b-1-2", "b-10-1", "b-0"]) await EndedAsync(tenant, $"rollout-{name}");
        await EndedAsync(Rows.NewCaller(), "rollout-b-0-1");

        (await NamesAsync(new EpisodeFilter(tenant) { Batch = batch.Id })).ShouldBe(["rollout-b-0-1", "rollout-b-1-2"]);
        (await NamesAsync(new EpisodeFilter(tenant) { Batch = batch.Id, MinReward = 0 })).ShouldBeEmpty();
        (await _exports.ListTasksAsync(new EpisodeFilter(tenant) { Batch = batch.Id }, after: null, 10, Cancel)).ShouldBe([("countdown", "t")]);
        (await NamesAsync(new EpisodeFilter(tenant) { Batch = batch.Id + 1 })).ShouldBeEmpty();
    }

    [Fact]
    public async Task Tasks_come_once_each_page_by_page_and_with_their_episodes()
    {
        var tenant = Rows.NewCaller();
        foreach (var task in (string[])["a", "B", "c", "a", "ä"]) await EndedAsync(tenant, Rows.NewCaller(), task: task);

        var seen = new List<string>();
        for ((string, string)? after = null; ;)
        {
            var page = await _exports.ListTasksAsync(new EpisodeFilter(tenant), after, most: 2, Cancel);
            seen.AddRange(page.Select(task => task.TaskId));
            if (page.Count < 2) break;
            after = page[^1];
        }

        seen.ShouldBe(["a", "B", "c", "ä"], ignoreOrder: true);
        (await _exports.ListOfTaskAsync(new EpisodeFilter(tenant), ("countdown", "a"), 0, 10, Cancel)).Count.ShouldBe(2);
    }

    private async Task<IEnumerable<string>> NamesAsync(EpisodeFilter filter) => (await _exports.ListAsync(filter, 0, 10, Cancel)).Select(head => head.InstanceId);

    private async Task<long> EndedAsync(
        string tenant, string name, string environment = "countdown", string task = "t", InstanceState state = InstanceState.Released, long endedAt = 9, params double[] scores)
    {
        var row = Rows.NewInstance(tenant, name);
        (row.EnvType, row.TaskId) = (environment, task);
        await Rows.ClaimAsync(store, row);
        foreach (var score in scores)
        {
            var evaluation = Rows.Evaluation(row, 1);
            evaluation.Entry.Reward = score;
            await store.Get<EpisodeJournal>().AppendAsync(evaluation, Cancel);
        }

        await store.Get<InstanceDirectory>().EndAsync(row.EpisodeId, row.Epoch, state, "was released", endedAt, Cancel);
        return row.EpisodeId;
    }
}
