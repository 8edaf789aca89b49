using System.Net;
using SandQueue.Programs;

namespace SandQueue.EndToEnd.Episodes;

/// <summary>A Create whose environment takes longer than its caller allows: there is capacity, so the time is what was missing.</summary>
public sealed class ShortTimeLimitTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(300)]
    public async Task A_create_that_is_not_made_in_time_is_504_and_never_takes_effect(int milliseconds)
    {
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("faulty"));
        var caller = program.Caller;
        var create = $$$"""{"env_type":"faulty","task_id":"hang-create","instance_id":"late","params":{"_timeout_ms":{{{milliseconds}}}}}""";

        var late = await caller.PostAsync("/create", create, "late");

        late.DetailOf(HttpStatusCode.GatewayTimeout).ShouldStartWith("no answer came in time; no instance was made");
        late.Json.Text("end").ShouldBe("expired");
        late.Headers.ContainsKey("Retry-After").ShouldBeFalse();
        (await caller.PostAsync("/create", create, "late")).Body.ShouldBe(late.Body, "an end is written once");
        (await caller.StepAsync("late", "count")).DetailOf(HttpStatusCode.NotFound);
        (await caller.CreateAsync("faulty", "plain", "late")).Status.ShouldBe(HttpStatusCode.OK);
    }
}
