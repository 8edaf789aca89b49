using System.Net;
using System.Text;
using System.Text.Json;
using SandQueue.Programs;

namespace SandQueue.EndToEnd.RestV1;

/// <summary>Batches and single rollouts on the real program.</summary>
public sealed class BatchTests(SharedProgram program)
{
    private const string Walk = """{"type":"recorded","actions":["<action>down</action>","<action>right</action>"],"version":"walk-1"}""";

    private Caller Caller => program.Caller;

    [Fact]
    public async Task A_batch_of_groups_is_played_and_its_books_balance()
    {
        var name = $"b-{Guid.NewGuid():n}";
        var asked = $$"""{"env_type":"frozenlake","batch_id":"{{name}}","split":"val","sample":{"n":5,"seed":3},"repeats":4,"policy":{{Walk}}}""";
        (await Caller.PostAsync("/v1/batches", asked)).Status.ShouldBe(HttpStatusCode.Created);
        (await Caller.PostAsync("/v1/batches", asked)).Status.ShouldBe(HttpStatusCode.OK, "the same again is the same batch");
        (await Caller.PostAsync("/v1/batches", asked.Replace("\"n\":5", "\"n\":6", StringComparison.Ordinal))).Status.ShouldBe(HttpStatusCode.Conflict);

        var batch = (await Caller.GetAsync($"/v1/batches/{name}?wait=50")).Json;

        batch.GetProperty("state").GetString().ShouldBe("closed");
        batch.GetProperty("items").GetInt32().ShouldBe(20);
        batch.GetProperty("ends").EnumerateObject().Sum(end => end.Value.GetInt32()).ShouldBe(20);
        batch.GetProperty("ends").GetProperty("completed").GetInt32().ShouldBe(20);
        var lines = (await Caller.GetAsync($"/v1/batches/{name}/results?follow=true")).Body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line)).ToList();
        lines.Count.ShouldBe(20);
        lines.Select(line => line.GetProperty("rollout_id").GetString()).Distinct().Count().ShouldBe(20);
        lines.ShouldAllBe(line => line.GetProperty("valid").GetBoolean() && line.GetProperty("steps").GetInt32() >= 1 && line.GetProperty("policy").GetProperty("version").GetString() == "walk-1");
        foreach (var group in lines.GroupBy(line => line.GetProperty("group").GetInt32()))
        {
            group.Select(line => line.GetProperty("member").GetInt32()).Order().ShouldBe([0, 1, 2, 3]);
            group.Select(line => line.GetProperty("task_id").GetString()).Distinct().Count().ShouldBe(1);
        }

        var turns = (await Caller.GetAsync($"/v1/rollouts/{name}-0/turns")).Json.GetProperty("turns");
        turns[0].GetProperty("action").GetRawText().ShouldBe("""{"role":"assistant","content":"<action>down</action>"}""");
    }

    [Fact]
    public async Task One_rollout_is_played_and_waited_for_and_found_again_by_its_name()
    {
        var name = $"r-{Guid.NewGuid():n}";
        var asked = $$"""{"env_type":"frozenlake","task_id":"4x4-0","rollout_id":"{{name}}","policy":{{Walk}}}""";
        var played = await Caller.PostAsync("/v1/rollouts?wait=50", asked);
        played.Status.ShouldBe(HttpStatusCode.OK, played.Body);
        (await Caller.PostAsync("/v1/rollouts?wait=50", asked)).Body.ShouldBe(played.Body);
        (await Caller.GetAsync($"/v1/rollouts/{name}")).Body.ShouldBe(played.Body);
        (await Caller.GetAsync("/v1/batches")).Body.ShouldNotContain(name);
    }

    [Fact]
    public async Task A_batch_can_be_paused_tuned_resumed_and_given_up()
    {
        var name = $"c-{Guid.NewGuid():n}";
        await Caller.PostAsync("/v1/batches", $$"""{"env_type":"frozenlake","batch_id":"{{name}}","split":"train","sample":{"n":300},"concurrency":2,"policy":{{Walk}}}""");
        var paused = (await Caller.PostAsync($"/v1/batches/{name}/pause", """{"reason":"lunch"}""")).Json;
        (paused.GetProperty("state").GetString(), paused.GetProperty("pause_reason").GetString()).ShouldBe(("paused", "lunch"));
        using var tune = new HttpRequestMessage(HttpMethod.Patch, $"/v1/batches/{name}") { Content = new StringContent("""{"concurrency":4}""", Encoding.UTF8, "application/json") };
        (await Caller.SendAsync(tune)).Json.GetProperty("concurrency").GetInt32().ShouldBe(4);
        (await Caller.PostAsync($"/v1/batches/{name}/resume", "")).Json.GetProperty("state").GetString().ShouldBe("running");
        await Caller.PostAsync($"/v1/batches/{name}/cancel", "");
        var closed = (await Caller.GetAsync($"/v1/batches/{name}?wait=50")).Json;
        closed.GetProperty("state").GetString().ShouldBe("closed");
        closed.GetProperty("ends").EnumerateObject().Sum(end => end.Value.GetInt32()).ShouldBe(300);
        closed.GetProperty("ends").GetProperty("cancelled").GetInt32().ShouldBeGreaterThan(200);
    }

    [Theory]
    [InlineData("""{"env_type":"frozenlak","tasks":["4x4-0"],"policy":{"type":"nothing"}}""", "did you mean frozenlake")]
    [InlineData("""{"env_type":"webshop","tasks":["no-such-task"],"policy":{"type":"nothing"}}""", "no-such-task")]
    [InlineData("""{"env_type":"frozenlake","tasks":[],"policy":{"type":"nothing"}}""", "no items")]
    [InlineData("""{"env_type":"frozenlake","tasks":["4x4-0"],"policy":{"type":"model","base_url":"http://localhost/v1","model":"m","secret":"none"}}""", "secret 'none'")]
    public async Task What_is_wrong_is_refused_and_nothing_is_started(string body, string said) =>
        (await Caller.PostAsync("/v1/batches", body)).ProblemOf(HttpStatusCode.BadRequest, "invalid_request").GetProperty("detail").GetString()!.ShouldContain(said);
}
