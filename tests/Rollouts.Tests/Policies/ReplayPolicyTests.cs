using System.Text;
using System.Text.Json.Nodes;
using SandQueue.Contracts;
using SandQueue.ModelServers;
using SandQueue.Rollouts.Endpoints;
using SandQueue.Rollouts.Play;
using SandQueue.Rollouts.Policies.Replays;
using SandQueue.Rollouts.Results;
using SandQueue.Rollouts.Settings;
using SandQueue.Rollouts.Tests.Play;
using SandQueue.Routing.Outcomes;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;

namespace SandQueue.Rollouts.Tests.Policies;

public sealed class ReplayPolicyTests : IDisposable
{
    private readonly EndpointHttp _http = new(new EndpointAddresses(new EndpointOptions { Allow = ["loopback"] }), new EndpointOptions());
    private readonly Episodes _episodes = new();

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task An_episode_that_comes_out_the_same_is_equal_and_has_both_rewards()
    {
        _episodes.Record(7, "source", ["a", "b", "c"], score: 0.5);
        _episodes.Record(8, "rollout-r7-1", ["a", "b", "c"], score: 3);
        var farm = new FakeFarm();

        var result = await PlayAsync(farm, """{"type":"replay","episode_id":7}""");

        (result.End, result.Reward).ShouldBe((CommandEnd.Completed, 3));
        result.Replay!.ToJsonString().ShouldBe("""{"source_episode":7,"source_env_type":"count","source_steps":3,"steps":3,"equal":true,"different":0,"differences":[],"source_reward":0.5,"reward":3}""");
        farm.Sent.OfType<StepInstance>().Select(step => Encoding.UTF8.GetString(step.Action)).ShouldBe(["""{"role":"assistant","content":"a"}""", """{"role":"assistant","content":"b"}""", """{"role":"assistant","content":"c"}"""]);
        farm.Sent.OfType<StepInstance>().ShouldAllBe(step => Encoding.UTF8.GetString(step.Params) == """{"p":1}""");
        Encoding.UTF8.GetString(farm.Sent.OfType<CreateInstance>().Single().Params).ShouldBe("""{"seed":5}""");
    }

    [Fact]
    public async Task Steps_that_differ_are_shown_with_both_observations_and_bounded()
    {
        _episodes.Record(7, "source", ["a", "b", "c"], score: 1);
        _episodes.Record(8, "rollout-r7-1", ["a", new string('x', 5000), "c"], score: 1);

        var result = await PlayAsync(new FakeFarm(), """{"type":"rescore","source_instance_id":"source"}""");

        (result.Replay!["equal"]!.GetValue<bool>(), result.Replay["different"]!.GetValue<int>(), result.Replay["steps"]!.GetValue<int>()).ShouldBe((false, 1, 3));
        var difference = result.Replay["differences"]!.AsArray().Single()!;
        difference["step"]!.GetValue<int>().ShouldBe(2);
        difference["recorded"]!.ToJsonString().ShouldBe("""{"state":[{"role":"user","content":"b"}],"reward":0.5,"is_terminated":false}""");
        difference["observed"]!["state"]![0]!["content"]!.GetValue<string>().Length.ShouldBeLessThan(2100);
    }

    [Fact]
    public async Task Another_canonical_form_alone_is_no_difference()
    {
        _episodes.Record(7, "source", ["a", "b", "c"], score: 1);
        _episodes.Record(8, "rollout-r7-1", ["a", "b", "c"], score: 1, form: "other");

        var result = await PlayAsync(new FakeFarm(), """{"type":"replay","episode_id":7}""");

        result.Replay!["equal"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Theory]
    [InlineData("""{"type":"replay","episode_id":99}""", "no episode 99")]
    [InlineData("""{"type":"replay","source_instance_id":"gone"}""", "'gone'")]
    [InlineData("""{"type":"fork","episode_id":7,"steps":4,"then":{"type":"nothing"}}""", "has 3 steps; give at most 3")]
    [InlineData("""{"type":"fork","episode_id":7,"steps":3,"then":{"type":"nothing"}}""", "ended with that step; give at most 2")]
    [InlineData("""{"type":"replay","episode_id":5}""", "is of task 'other'")]
    public async Task What_cannot_be_played_again_is_refused_before_anything_is_made(string policy, string named)
    {
        _episodes.Record(7, "source", ["a", "b", "c"], score: 1);
        _episodes.Record(5, "other", ["a"], score: 1, task: "other");
        var farm = new FakeFarm();

        var result = await PlayAsync(farm, policy);

        (result.End, result.Cause, result.IsRetryable, farm.Sent.Count).ShouldBe((CommandEnd.Rejected, RolloutCause.Caller, false, 0));
        result.Detail!.ShouldContain(named);
    }

    [Fact]
    public async Task A_fork_plays_the_beginning_again_and_another_policy_goes_on()
    {
        _episodes.Record(7, "source", ["a", "b", "c"], score: 1);
        _episodes.Record(8, "rollout-r7-1", ["a", "b", "z"], score: 1);
        var farm = new FakeFarm();

        var result = await PlayAsync(farm, """{"type":"fork","episode_id":7,"steps":2,"then":{"type":"recorded","actions":["new"]}}""");

        (result.End, result.Reward).ShouldBe((CommandEnd.Completed, 3));
        farm.Sent.OfType<StepInstance>().Select(step => JsonNode.Parse(step.Action)!["content"]!.GetValue<string>()).ShouldBe(["a", "b", "new"]);
        (result.Replay!["source_episode"]!.GetValue<long>(), result.Replay["steps"]!.GetValue<int>(), result.Replay["equal"]!.GetValue<bool>()).ShouldBe((7, 2, true));
    }

    [Fact]
    public async Task Evaluations_between_steps_are_repeated_and_the_last_one_with_what_it_was_given()
    {
        _episodes.Record(7, "source", ["a", "b", "c"], score: 1, evaluatedAfter: [0, 2, 2, 3]);
        var farm = new FakeFarm();

        (await PlayAsync(farm, """{"type":"rescore","episode_id":7}""")).End.ShouldBe(CommandEnd.Completed);

        farm.Sent.Select(command => command.CommandId["rollout-r7-1:".Length..]).ShouldBe(["create", "0:evaluate:1", "1", "2", "2:evaluate:1", "2:evaluate:2", "3", "3:evaluate:1", "evaluate", "release"]);
        farm.Sent.OfType<EvaluateInstance>().Select(each => Encoding.UTF8.GetString(each.Messages)).ShouldBe(["after 0", "after 2", "after 2", "after 3", "last"]);
    }

    [Fact]
    public async Task A_fork_names_its_parent_and_repeats_the_evaluations_before_its_step()
    {
        _episodes.Record(7, "source", ["a", "b", "c"], score: 1, evaluatedAfter: [1, 2]);
        _episodes.Record(8, "rollout-r7-1", ["a", "b", "z"], score: 1);
        var farm = new FakeFarm();

        (await PlayAsync(farm, """{"type":"fork","episode_id":7,"steps":2,"then":{"type":"nothing"}}""")).End.ShouldBe(CommandEnd.Completed);

        farm.Sent.OfType<CreateInstance>().Single().Parent.ShouldBe(new EpisodeParent(7, 2));
        farm.Sent.Select(command => command.CommandId["rollout-r7-1:".Length..]).ShouldBe(["create", "1", "1:evaluate:1", "2", "evaluate", "release"]);
    }

    /// <summary>The first steps are the episode's and decided again; what the model said is recorded, and comes from there.</summary>
    [Theory]
    [InlineData(":1")]
    [InlineData(":2")]
    [InlineData(":3")]
    [InlineData(":4")]
    [InlineData(":evaluate")]
    public async Task Another_worker_goes_on_with_a_fork_and_asks_its_model_for_nothing_twice(string diesAt)
    {
        _episodes.Record(7, "source", ["a", "b", "c"], score: 1);
        _episodes.Record(8, "rollout-r7-1", ["a", "b", "said 0"], score: 1);
        var (farm, record) = (new FakeFarm { Length = 4 }, new FakeRecord());
        await using var server = await ModelServer.StartAsync(call => ModelReply.Say($"said {call.Number}"));
        var fork = $$$"""{"type":"fork","episode_id":7,"steps":2,"then":{"type":"model","base_url":"{{{server.Address}}}","model":"m"}}""";
        using var worker = new CancellationTokenSource();
        farm.Answer(diesAt, async () =>
        {
            await worker.CancelAsync();
            return new CommandOutcome.Unknown();
        });
        await Should.ThrowAsync<OperationCanceledException>(PlayAsync(farm, fork, record, worker.Token));

        var result = await PlayAsync(farm, fork, record);

        (result.End, result.Reward, farm.Steps, server.Calls.Count).ShouldBe((CommandEnd.Completed, 4, 4, 2), result.Detail);
        farm.Sent.OfType<StepInstance>().DistinctBy(step => step.CommandId).Select(step => JsonNode.Parse(step.Action)!["content"]!.GetValue<string>()).ShouldBe(["a", "b", "said 0", "said 1"]);
        record.Turns.Keys.ShouldBe([3, 4]);
    }

    [Fact]
    public async Task A_beginning_that_came_out_otherwise_is_followed_by_nothing()
    {
        _episodes.Record(7, "source", ["a", "b", "c"], score: 1);
        _episodes.Record(8, "rollout-r7-1", ["a", "B"], score: 1);
        var farm = new FakeFarm();

        var result = await PlayAsync(farm, """{"type":"fork","episode_id":7,"steps":2,"then":{"type":"recorded","actions":["new"]}}""");

        (result.End, result.Cause, result.Reward, farm.Steps).ShouldBe((CommandEnd.Failed, RolloutCause.Environment, null, 2));
        result.Detail!.ShouldContain("1 of the 2 steps of episode 7");
        farm.IsReleased.ShouldBeTrue();
    }

    private Task<RolloutResult> PlayAsync(FakeFarm farm, string policy, FakeRecord? record = null, CancellationToken? cancellationToken = null) =>
        Playing.Player(farm, policies: new PolicyFactory(new ChatEndpoint(_http, new EndpointOptions(), TimeProvider.System), episodes: _episodes))
            .PlayAsync(Playing.Assignment(policy), record ?? new FakeRecord(), cancellationToken ?? TestContext.Current.CancellationToken);

    private sealed class Episodes : IRecordedEpisodes
    {
        private readonly List<(string Instance, SourceEpisode Episode)> _episodes = [];
        private readonly Dictionary<long, byte[]> _answers = [];

        public void Record(long id, string instance, string[] texts, double score, string form = "exact", string task = "t", int[]? evaluatedAfter = null)
        {
            var commands = new List<RecordedCommand> { Command(id, JournalKind.Create, 0, "opening", form, 0, false) };
            for (var step = 1; step <= texts.Length; step++) commands.Add(Command(id, JournalKind.Step, step, texts[step - 1], form, 0.5, step == texts.Length));
            foreach (var after in evaluatedAfter ?? []) commands.Insert(commands.FindIndex(command => command.Step == after) + 1, Evaluation($"after {after}", score));
            commands.Add(Evaluation("last", score));
            commands.Add(new RecordedCommand(0, 0, "", JournalKind.Release, null, null, null, [], [], null, null, false));
            _episodes.Add((instance, new SourceEpisode(id, "count", task, """{"seed":5}"""u8.ToArray(), commands)));
        }

        public Task<SourceEpisode?> FindAsync(string tenant, long? episodeId, string? instanceId, CancellationToken cancellationToken) =>
            Task.FromResult(_episodes.Where(known => episodeId is null ? known.Instance == instanceId : known.Episode.EpisodeId == episodeId).Select(known => known.Episode).FirstOrDefault());

        public Task<byte[]> ReadAnswerAsync(RecordedCommand command, CancellationToken cancellationToken) => Task.FromResult(_answers[command.Id]);

        private static RecordedCommand Evaluation(string messages, double score) => new(0, 0, "", JournalKind.Evaluate, null, null, null, Encoding.UTF8.GetBytes(messages), [], null, score, false);

        private RecordedCommand Command(long episode, JournalKind kind, int step, string text, string form, double reward, bool isOver)
        {
            var id = (episode * 1000) + step;
            _answers[id] = Encoding.UTF8.GetBytes($$$"""{"state":[{"role":"user","content":"{{{text}}}"}],"reward":{{{reward}}}}""");
            return new RecordedCommand(
                id, episode, $"c{id}", kind, step, null, null, Encoding.UTF8.GetBytes($$"""{"role":"assistant","content":"{{text}}"}"""), """{"p":1}"""u8.ToArray(), Encoding.UTF8.GetBytes($"{form}/{text}/{isOver}"), reward, isOver);
        }
    }
}
