using System.Net;
using System.Text.Json;
using SandQueue.Programs;

namespace SandQueue.EndToEnd.RestV1;

/// <summary>What did not complete, over <c>/v1</c>, on the real program.</summary>
public sealed class FailureTests(SharedProgram shared)
{
    private Caller Caller => shared.Caller;

    [Fact]
    public async Task A_step_that_failed_and_one_that_was_refused_are_told_with_their_reasons_and_are_in_no_episode()
    {
        var id = await Caller.CreatedAsync("faulty", "plain");
        await Caller.StepAsync(id, "echo fine");
        (await Caller.PostAsync($"/v1/instances/{id}/steps", """{"action":{"role":"assistant","content":"throw"}}""", $"{id}-throws")).Status.ShouldNotBe(HttpStatusCode.OK);
        (await Caller.PostAsync($"/v1/instances/{id}/steps", """{"action":{"role":"assistant","content":"echo late"},"step":7}""", $"{id}-skips")).ProblemOf(HttpStatusCode.Conflict, "conflict");

        var all = (await Caller.GetAsync($"/v1/instances/{id}/failures")).Json;

        all.GetProperty("failures").EnumerateArray().Select(failure => (failure.Text("command_id"), failure.Text("kind"), failure.Text("end"))).ShouldBe(
            [($"{id}-throws", "step", "failed"), ($"{id}-skips", "step", "rejected")]);
        all.GetProperty("failures")[0].Text("cause").ShouldBe("infrastructure");
        all.GetProperty("failures")[1].Text("detail").ShouldContain("step 7 was sent");
        (await Caller.GetAsync($"/v1/instances/{id}/episode")).Json.GetProperty("entries").GetArrayLength().ShouldBe(2);

        var first = (await Caller.GetAsync($"/v1/instances/{id}/failures?limit=1&episode_id={all.GetProperty("episode_id").GetInt64()}")).Json;
        var second = (await Caller.GetAsync($"/v1/instances/{id}/failures?cursor={first.Text("next_cursor")}")).Json;
        second.GetProperty("failures").EnumerateArray().Single().Text("command_id").ShouldBe($"{id}-skips");
        second.GetProperty("next_cursor").ValueKind.ShouldBe(JsonValueKind.Null);
        (await Caller.GetAsync("/v1/instances/ghost/failures")).ProblemOf(HttpStatusCode.NotFound, "unknown_instance");
        await Caller.ReleaseAsync(id);
    }
}
