using System.Text;
using System.Text.Json.Nodes;
using SandQueue.Contracts;
using SandQueue.Rollouts.Endpoints;
using SandQueue.Rollouts.Play;
using SandQueue.Rollouts.Policies.Replays;
using SandQueue.Rollouts.Results;
using SandQueue.Rollouts.Settings;
using SandQueue.Rollouts.Tests.Play;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;

namespace SandQueue.Rollouts.Tests.Policies;

public sealed class ReplayPolicyTests : IDisposable
{
    private readonly EndpointHttp _http = new(new EndpointAddresses(new EndpointOptions()), new EndpointOptions());
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

    private Task<RolloutResult> PlayAsync(FakeFarm farm, string policy) =>
        Playing.Player(farm, policies: new PolicyFactory(new ChatEndpoint(_http, new EndpointOptions(), TimeProvider.System), episodes: _episodes))
            .PlayAsync(Playing.Assignment(policy), new FakeRecord(), TestContext.Current.CancellationToken);

    private sealed class Episodes : IRecordedEpisodes
    {
        private readonly List<(string Instance, SourceEpisode Episode)> _episodes = [];
        private readonly Dictionary<long, byte[]> _answers = [];

        public void Record(long id, string instance, string[] texts, double score, string form = "exact", string task = "t")
        {
            var commands = new List<RecordedCommand> { Command(id, JournalKind.Create, 0, "opening", form, 0, false) };
            for (var step = 1; step <= texts.Length; step++) commands.Add(Command(id, JournalKind.Step, step, texts[step - 1], form, 0.5, step == texts.Length));
            commands.Add(new RecordedCommand(0, "", JournalKind.Evaluate, null, null, null, [], [], null, score, false));
            _episodes.Add((instance, new SourceEpisode(id, "count", task, """{"seed":5}"""u8.ToArray(), commands)));
        }

        public Task<SourceEpisode?> FindAsync(string tenant, long? episodeId, string? instanceId, CancellationToken cancellationToken) =>
            Task.FromResult(_episodes.Where(known => episodeId is null ? known.Instance == instanceId : known.Episode.EpisodeId == episodeId).Select(known => known.Episode).FirstOrDefault());

        public Task<byte[]> ReadAnswerAsync(RecordedCommand command, CancellationToken cancellationToken) => Task.FromResult(_answers[command.Id]);

        private RecordedCommand Command(long episode, JournalKind kind, int step, string text, string form, double reward, bool isOver)
        {
            var id = (episode * 1000) + step;
            _answers[id] = Encoding.UTF8.GetBytes($$$"""{"state":[{"role":"user","content":"{{{text}}}"}],"reward":{{{reward}}}}""");
            return new RecordedCommand(
                id, $"c{id}", kind, step, null, null, Encoding.UTF8.GetBytes($$"""{"role":"assistant","content":"{{text}}"}"""), """{"p":1}"""u8.ToArray(), Encoding.UTF8.GetBytes($"{form}/{text}/{isOver}"), reward, isOver);
        }
    }
}
