using System.Net;
using System.Text.Json;
using SandQueue.Programs;

namespace SandQueue.EndToEnd.RestV1;

/// <summary>Episodes over <c>/v1</c>, on the real program.</summary>
public sealed class EpisodeTests(SharedProgram shared)
{
    private Caller Caller => shared.Caller;

    [Fact]
    public async Task Steps_of_many_instances_are_one_call_and_each_has_its_end()
    {
        var ids = new List<string>();
        for (var i = 0; i < 5; i++) ids.Add(await CreatedAsync("frozenlake", "4x4-0"));
        var steps = ids.Append("ghost").Select(id => $$$"""{"instance_id":"{{{id}}}","action":{"role":"assistant","content":"left"},"step":1}""");

        var results = (await Caller.PostAsync("/v1/steps", $$"""{"steps":[{{string.Join(',', steps)}}]}""")).Json.GetProperty("results").EnumerateArray().ToList();

        results.Select(result => result.Text("instance_id")).ShouldBe([.. ids, "ghost"]);
        foreach (var result in results[..^1]) result.GetProperty("answer").StepNumber().ShouldBe(1);
        results[^1].GetProperty("problem").Text("code").ShouldBe("unknown_instance");
    }

    [Fact]
    public async Task A_vector_that_is_sent_again_under_its_key_takes_no_effect_and_has_the_same_results()
    {
        var id = await CreatedAsync("frozenlake", "4x4-0");
        var body = $$$"""{"steps":[{"instance_id":"{{{id}}}","action":{"role":"assistant","content":"left"}}]}""";

        var first = await Caller.PostAsync("/v1/steps", body, $"vector-{id}");

        (await Caller.PostAsync("/v1/steps", body, $"vector-{id}")).Body.ShouldBe(first.Body);
        (await Caller.GetAsync($"/v1/instances/{id}")).Json.GetProperty("steps").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task The_end_of_a_command_is_found_by_its_id_also_one_of_another_door_that_still_runs()
    {
        var id = await CreatedAsync("faulty", "plain");
        (await Caller.GetAsync($"/v1/commands/slow-{id}")).ProblemOf(HttpStatusCode.NotFound, "unknown_command");
        var running = Caller.StepAsync(id, "hang 500ms", idempotencyKey: $"slow-{id}");

        var found = await Caller.GetAsync($"/v1/commands/slow-{id}?wait=30");

        var answered = (await running).Data;
        (found.Json.Text("end"), found.Json.Text("instance_id")).ShouldBe(("completed", id));
        found.Json.GetProperty("answer").GetRawText().ShouldBe(answered.GetRawText());
    }

    [Fact]
    public async Task A_command_that_was_refused_tells_its_problem_once_more_by_its_id()
    {
        var id = await CreatedAsync("faulty", "plain");
        await StepAsync(id, "end enough");
        var refused = await Caller.PostAsync($"/v1/instances/{id}/steps", """{"action":{"role":"assistant","content":"count"}}""", $"late-{id}");
        refused.ProblemOf(HttpStatusCode.Conflict, "episode_over").Text("command_id").ShouldBe($"late-{id}");

        var found = (await Caller.GetAsync($"/v1/commands/late-{id}")).Json;

        found.Text("end").ShouldBe("rejected");
        found.GetProperty("problem").GetRawText().ShouldBe(refused.Body);
    }

    [Fact]
    public async Task A_failure_of_the_environment_has_no_reward()
    {
        var id = await CreatedAsync("faulty", "plain");

        var problem = (await Caller.PostAsync($"/v1/instances/{id}/steps", """{"action":{"role":"assistant","content":"throw"}}""")).ProblemOf(HttpStatusCode.InternalServerError, "environment_failed");

        problem.GetProperty("reward").GetRawText().ShouldBe("null");
        problem.GetProperty("valid").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task An_episode_is_read_page_by_page_and_outlives_its_instance()
    {
        var id = await CreatedAsync("frozenlake", "8x8-0");
        foreach (var _ in (int[])[1, 2, 3]) await StepAsync(id, "left");
        (await Caller.PostAsync($"/v1/instances/{id}/evaluations", "")).Json.Text("end").ShouldBe("completed");
        (await Caller.DeleteAsync($"/v1/instances/{id}")).Json.GetProperty("answer").GetBoolean().ShouldBeTrue();
        (await Caller.DeleteAsync($"/v1/instances/{id}")).ProblemOf(HttpStatusCode.NotFound, "released");

        var kinds = new List<string>();
        for (string? cursor = null; ;)
        {
            var page = (await Caller.GetAsync($"/v1/instances/{id}/episode?limit=2{(cursor is null ? "" : $"&cursor={cursor}")}")).Json;
            kinds.AddRange(page.GetProperty("entries").EnumerateArray().Select(entry => entry.Text("kind")));

            // Another instance of that name begins another episode; the pages stay with theirs.
            if (cursor is null) (await Caller.PostAsync("/v1/instances", $$"""{"env_type":"frozenlake","task_id":"4x4-0","instance_id":"{{id}}"}""")).Status.ShouldBe(HttpStatusCode.Created);
            cursor = page.GetProperty("next_cursor").GetString();
            if (cursor is null) break;
        }

        kinds.ShouldBe(["create", "step", "step", "step", "evaluate", "release"]);
        (await Caller.GetAsync($"/v1/instances/{id}")).Json.Text("state").ShouldBe("live");
    }

    private async Task<string> CreatedAsync(string environment, string task)
    {
        var created = await Caller.PostAsync("/v1/instances", $$"""{"env_type":"{{environment}}","task_id":"{{task}}"}""");
        created.Status.ShouldBe(HttpStatusCode.Created, created.Body);
        return created.Json.Text("instance_id");
    }

    private async Task StepAsync(string instance, string content) =>
        (await Caller.PostAsync($"/v1/instances/{instance}/steps", $$$"""{"action":{"role":"assistant","content":{{{JsonSerializer.Serialize(content)}}}}}""")).Json.Text("end").ShouldBe("completed");
}
