using System.Net;
using System.Text.Json;
using SandQueue.Programs;

namespace SandQueue.EndToEnd.Rollouts;

/// <summary>Rollouts of the policies that need no model, one by one, against the real program.</summary>
public sealed class PolicyTests(PolicyTests.Lake lake) : IClassFixture<PolicyTests.Lake>
{
    private const string Task = "4x4-1000000";

    private const string Gold = """{"type":"gold"}""";

    [Fact]
    public async Task Gold_reaches_the_goal_and_its_turns_are_told()
    {
        var rollout = await PlayAsync(Gold);

        (Text(rollout, "end"), rollout.GetProperty("reward").GetDouble(), rollout.GetProperty("trainable").GetBoolean(), Text(rollout, "end_reason")).ShouldBe(("completed", 1, true, "goal"));
        var turns = await ActionsAsync(rollout);
        turns.Length.ShouldBe(rollout.GetProperty("step_rewards").GetArrayLength());
        turns.ShouldAllBe(action => action.Contains("assistant", StringComparison.Ordinal));
        var first = (await GetAsync($"/v1/rollouts/{Text(rollout, "rollout_id")}/turns?limit=2")).GetProperty("turns");
        first[0].GetProperty("answer").GetProperty("messages").GetArrayLength().ShouldBe(turns.Length, "the solution is recorded once, with the first of its steps");
        first[1].GetProperty("answer").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Random_depends_on_its_seed_alone()
    {
        var first = await PlayAsync("""{"type":"random","seed":5,"max_steps":4}""");
        var again = await PlayAsync("""{"type":"random","seed":5,"max_steps":4}""");
        var other = await PlayAsync("""{"type":"random","seed":6,"max_steps":4}""");

        var actions = await ActionsAsync(first);
        actions.ShouldNotBeEmpty();
        (await ActionsAsync(again)).ShouldBe(actions);
        (await ActionsAsync(other)).ShouldNotBe(actions);
        new[] { first, again, other }.ShouldAllBe(rollout => Text(rollout, "end") == "completed");
    }

    [Fact]
    public async Task A_replay_is_equal_and_a_score_comes_out_again()
    {
        var played = await PlayAsync(Gold);
        var steps = played.GetProperty("step_rewards").GetArrayLength();

        foreach (var type in (string[])["replay", "rescore"])
        {
            var found = (await PlayAsync($$"""{"type":"{{type}}","source_instance_id":"{{Text(played, "instance_id")}}"}""")).GetProperty("replay");
            (found.GetProperty("equal").GetBoolean(), found.GetProperty("steps").GetInt32(), found.GetProperty("different").GetInt32()).ShouldBe((true, steps, 0), found.GetRawText());
            (found.GetProperty("source_reward").GetDouble(), found.GetProperty("reward").GetDouble()).ShouldBe((1, 1));
        }
    }

    [Fact]
    public async Task A_fork_goes_on_behind_its_step_and_its_journal_names_its_parent()
    {
        var played = await PlayAsync(Gold);
        var parent = (await GetAsync($"/v1/instances/{Text(played, "instance_id")}")).GetProperty("episode_id").GetInt64();

        var forked = await PlayAsync($$"""{"type":"fork","episode_id":{{parent}},"steps":2,"then":{"type":"gold"} }""");

        (Text(forked, "end"), forked.GetProperty("reward").GetDouble()).ShouldBe(("completed", 1), forked.GetRawText());
        (await ActionsAsync(forked))[..2].ShouldBe((await ActionsAsync(played))[..2]);
        var replay = forked.GetProperty("replay");
        (replay.GetProperty("equal").GetBoolean(), replay.GetProperty("steps").GetInt32()).ShouldBe((true, 2));
        foreach (var path in (string[])["", "/episode"])
        {
            var named = (await GetAsync($"/v1/instances/{Text(forked, "instance_id")}{path}")).GetProperty("parent");
            (named.GetProperty("episode_id").GetInt64(), named.GetProperty("step").GetInt32()).ShouldBe((parent, 2));
            (await GetAsync($"/v1/instances/{Text(played, "instance_id")}{path}")).GetProperty("parent").ValueKind.ShouldBe(JsonValueKind.Null);
        }
    }

    [Fact]
    public async Task A_fork_beyond_the_end_is_refused_and_makes_nothing()
    {
        var played = await PlayAsync(Gold);

        var refused = await PlayAsync($$"""{"type":"fork","source_instance_id":"{{Text(played, "instance_id")}}","steps":99,"then":{"type":"nothing"} }""");

        (Text(refused, "end"), Text(refused, "cause"), refused.GetProperty("instance_id").ValueKind).ShouldBe(("rejected", "caller", JsonValueKind.Null));
        Text(refused, "detail")!.ShouldContain("give at most");
    }

    /// <summary>What it decides the same again is not recorded: the journal alone says which steps were taken.</summary>
    [Theory]
    [InlineData(Gold)]
    [InlineData("""{"type":"recorded","actions":["<action>down</action>","<action>right</action>","<action>up</action>","<action>down</action>"]}""")]
    public async Task A_batch_whose_worker_is_killed_goes_on_and_takes_no_step_twice(string policy)
    {
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("frozenlake"));
        var body = $$$"""{"env_type":"frozenlake","batch_id":"b","split":"val","sample":{"n":100,"seed":1},"repeats":3,"policy":{{{policy}}}}""";
        (await program.Caller.PostAsync("/v1/batches", body)).Status.ShouldBe(HttpStatusCode.Created);
        await Testing.Until.TrueAsync("some have ended", async () => Ended(await program.Caller.GetAsync("/v1/batches/b")) > 20, TimeSpan.FromSeconds(60));

        await program.KillAsync();
        await program.StartAgainAsync();

        var closed = await program.Caller.GetAsync("/v1/batches/b?wait=100");
        (Text(closed.Json, "state"), closed.Json.GetProperty("ends").GetProperty("completed").GetInt32()).ShouldBe(("closed", 300), closed.Body);
        var results = (await program.Caller.GetAsync("/v1/batches/b/results")).Body.TrimEnd('\n').Split('\n').Select(line => JsonElement.Parse(line)).ToList();
        results.Select(result => Text(result, "rollout_id")).ShouldBeUnique();
        foreach (var group in results.GroupBy(result => result.GetProperty("group").GetInt32()))
        {
            var actions = new List<string[]>();
            foreach (var result in group)
            {
                var episode = (await program.Caller.GetAsync($"/v1/instances/{Text(result, "instance_id")}/episode")).Json.GetProperty("entries");
                episode.EnumerateArray().Count(entry => Text(entry, "kind") == "step").ShouldBe(result.GetProperty("step_rewards").GetArrayLength());
                actions.Add([.. episode.EnumerateArray().Where(entry => Text(entry, "kind") == "step").Select(entry => entry.GetProperty("action").GetRawText())]);
            }

            actions.ShouldAllBe(each => each.SequenceEqual(actions[0]), "the members of a group are played the same");
        }

        if (policy == Gold) results.ShouldAllBe(result => result.GetProperty("reward").GetDouble() == 1);
    }

    private static int Ended(Answer batch) => batch.Json.GetProperty("ends").EnumerateObject().Sum(end => end.Value.GetInt32());

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private async Task<JsonElement> PlayAsync(string policy)
    {
        var answer = await lake.Caller.PostAsync("/v1/rollouts?wait=60", $$$"""{"env_type":"frozenlake","task_id":"{{{Task}}}","policy":{{{policy}}}}""");
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Body);
        return answer.Json;
    }

    private async Task<string[]> ActionsAsync(JsonElement rollout) =>
        [.. (await GetAsync($"/v1/rollouts/{Text(rollout, "rollout_id")}/turns")).GetProperty("turns").EnumerateArray().Select(turn => turn.GetProperty("action")).Where(action => action.ValueKind == JsonValueKind.Object).Select(action => action.GetRawText())];

    private async Task<JsonElement> GetAsync(string path)
    {
        var answer = await lake.Caller.GetAsync(path);
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Body);
        return answer.Json;
    }

    /// <summary>A program with lakes, for all tests that only call it.</summary>
    public sealed class Lake : IAsyncLifetime
    {
        private RunningProgram? _program;

        public Caller Caller => _program!.Caller;

        public async ValueTask InitializeAsync() => _program = await RunningProgram.StartAsync(ProgramSettings.Serving("frozenlake"));

        public async ValueTask DisposeAsync() => await _program!.DisposeAsync();
    }
}
