using System.Net;
using System.Text.Json;
using SandQueue.Programs;
using SandQueue.Testing;

namespace SandQueue.EndToEnd.Rollouts;

/// <summary>Recorded episodes answer again over REST: what they have, and nothing else.</summary>
public sealed class RecordedEnvironmentTests
{
    private const string Lake = "4x4-1000000";
    private const string Down = "<action>down</action>";
    private const string Right = "<action>right</action>";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task The_same_actions_get_the_recorded_answers_and_others_a_miss_that_moves_nothing()
    {
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("frozenlake", "recorded"));
        var caller = program.Caller;
        var played = await PlayAsync(caller, "played", "frozenlake", Lake, Down, Right);

        var opening = (await CreateAsync(caller, "again", $"frozenlake/{Lake}")).Json;
        opening.GetProperty("answer").GetProperty("state").GetRawText().ShouldBe(played[0].GetProperty("state").GetRawText());
        opening.GetProperty("answer").GetProperty("info").GetProperty("provenance").GetProperty("environment").GetString().ShouldBe("frozenlake");

        var miss = (await StepAsync(caller, "again", Right, "k1")).ProblemOf(HttpStatusCode.BadRequest, "recorded_miss").GetProperty("detail").GetString()!;
        miss.ShouldStartWith("step 1 of episode ");
        miss.ShouldContain("down");
        miss.ShouldContain("right");
        (await StepAsync(caller, "again", Down, "k1")).Json.GetProperty("answer").GetRawText().ShouldBe(played[1].GetRawText(), "the episode stayed where it was, and so is the key free");
        (await EvaluateAsync(caller, "again")).ProblemOf(HttpStatusCode.BadRequest, "recorded_miss").GetProperty("detail").GetString()!.ShouldContain("was evaluated after step 2 and not after step 1");
        (await StepAsync(caller, "again", Right)).Json.GetProperty("answer").GetRawText().ShouldBe(played[2].GetRawText());
        (await StepAsync(caller, "again", Down)).ProblemOf(HttpStatusCode.BadRequest, "recorded_miss").GetProperty("detail").GetString()!.ShouldContain("has 2 steps; it has no step 3");
        (await EvaluateAsync(caller, "again")).Json.GetProperty("answer").GetProperty("score").GetDouble().ShouldBe(played[3].GetProperty("score").GetDouble());
        (await EvaluateAsync(caller, "again", """{"params":{"sparse":true}}""")).Json.GetProperty("answer").GetDouble().ShouldBe(played[3].GetProperty("score").GetDouble());
    }

    [Fact]
    public async Task An_instance_that_was_parked_goes_on_with_the_episode_it_began_with()
    {
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("frozenlake", "recorded")
            .With("SANDQUEUE_Worker__SweepEvery", "00:00:00.500").With("SANDQUEUE_Worker__ParkAfter", "00:00:01"));
        var caller = program.Caller;
        var played = await PlayAsync(caller, "played", "frozenlake", Lake, Down, Right);
        await CreateAsync(caller, "again", $"frozenlake/{Lake}");
        (await StepAsync(caller, "again", Down)).Status.ShouldBe(HttpStatusCode.OK);

        // A newer one, in which the first step was another.
        await PlayAsync(caller, "newer", "frozenlake", Lake, Right);
        await Until.TrueAsync("it is parked", () => Journal.Query(program.Database, "SELECT 1 FROM instances WHERE instance_id = 'again' AND state = 3 AND owner IS NULL").Count == 1, Limit);

        // More than none where it was parked before its first step too.
        var before = Recoveries();
        (await StepAsync(caller, "again", Right)).Json.GetProperty("answer").GetRawText().ShouldBe(played[2].GetRawText());
        Recoveries().ShouldBe(before + 1);
        await CreateAsync(caller, "last", $"frozenlake/{Lake}");
        (await StepAsync(caller, "last", Right)).Status.ShouldBe(HttpStatusCode.OK, "the newest episode is another by now");

        long Recoveries() => (long)Journal.Query(program.Database, "SELECT recoveries FROM instances WHERE instance_id = 'again'").Single()[0]!;
    }

    [Fact]
    public async Task Nobody_finds_what_another_tenant_has_played()
    {
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("frozenlake", "recorded").With("SANDQUEUE_API_KEYS", "one=key-one,two=key-two"));
        using var one = program.CallerWithKey("key-one");
        using var two = program.CallerWithKey("key-two");
        await PlayAsync(one, "played", "frozenlake", Lake, Down);
        var episode = (long)Journal.Query(program.Database, "SELECT episode_id FROM instances").Single()[0]!;

        (await CreateAsync(one, "mine", $"episode:{episode}")).Status.ShouldBe(HttpStatusCode.Created);
        foreach (var (task, said) in ((string, string)[])
        [
            ($"episode:{episode}", $"the journal has no ended episode {episode} of yours"), ($"frozenlake/{Lake}", $"no ended episode of yours of task '{Lake}' of 'frozenlake'"), ("4x4-0", "a task is ENV/TASK"),
            ("episode:x", "a task is ENV/TASK"),
        ])
        {
            (await CreateAsync(two, "theirs", task)).ProblemOf(HttpStatusCode.BadRequest, "invalid_request").GetProperty("detail").GetString()!.ShouldContain(said);
        }

        (await two.GetAsync("/v1/environments/recorded/tasks")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_batch_is_played_on_recorded_episodes_and_an_imported_one_answers_too()
    {
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("frozenlake", "recorded"));
        await using var other = await RunningProgram.StartAsync(ProgramSettings.Serving("recorded"));
        await PlayAsync(program.Caller, "played", "frozenlake", Lake, Down, Right);
        (await other.Caller.PostAsync("/v1/import", (await program.Caller.GetAsync("/v1/export")).Body)).Json.GetProperty("stored").GetInt64().ShouldBe(1);

        var asked = $$$"""{"env_type":"recorded","batch_id":"b","items":[{"task_id":"frozenlake/{{{Lake}}}","actions":["{{{Down}}}","{{{Right}}}"]},{"task_id":"frozenlake/{{{Lake}}}","actions":["{{{Right}}}"]}],"policy":{"type":"recorded"}}""";
        (await other.Caller.PostAsync("/v1/batches", asked)).Status.ShouldBe(HttpStatusCode.Created);
        (await other.Caller.GetAsync("/v1/batches/b?wait=50")).Json.GetProperty("ends").GetProperty("completed").GetInt32().ShouldBe(1);
        var missed = (await other.Caller.GetAsync("/v1/rollouts/b-1")).Json;
        (missed.GetProperty("end").GetString(), missed.GetProperty("cause").GetString(), missed.GetProperty("reward").ValueKind).ShouldBe(("failed", "policy", JsonValueKind.Null));
    }

    /// <summary>Plays an episode and releases it.</summary>
    /// <returns>What was answered: the opening, the steps, the evaluation.</returns>
    private static async Task<List<JsonElement>> PlayAsync(Caller caller, string instance, string environment, string task, params string[] actions)
    {
        var answers = new List<JsonElement> { (await caller.PostAsync("/v1/instances", $$"""{"env_type":"{{environment}}","task_id":"{{task}}","instance_id":"{{instance}}"}""")).Json.GetProperty("answer") };
        foreach (var action in actions) answers.Add((await StepAsync(caller, instance, action)).Json.GetProperty("answer"));
        answers.Add((await EvaluateAsync(caller, instance)).Json.GetProperty("answer"));
        (await caller.DeleteAsync($"/v1/instances/{instance}")).Status.ShouldBe(HttpStatusCode.OK);
        return answers;
    }

    private static Task<Answer> CreateAsync(Caller caller, string instance, string task) =>
        caller.PostAsync("/v1/instances", $$"""{"env_type":"recorded","task_id":"{{task}}","instance_id":"{{instance}}"}""");

    private static Task<Answer> StepAsync(Caller caller, string instance, string content, string? key = null) =>
        caller.PostAsync($"/v1/instances/{instance}/steps", $$$"""{"action":{"role":"assistant","content":"{{{content}}}"}}""", key);

    private static Task<Answer> EvaluateAsync(Caller caller, string instance, string body = "{}") => caller.PostAsync($"/v1/instances/{instance}/evaluations", body);
}
