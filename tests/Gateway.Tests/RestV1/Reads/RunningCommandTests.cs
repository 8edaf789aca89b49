using System.Net;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Gateway.Tests.RestV1.Reads;

/// <summary>A command that still runs is told from one that nobody knows of.</summary>
public sealed class RunningCommandTests : IAsyncLifetime
{
    private readonly RestServer _server = new();

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task One_that_this_gateway_waits_for_runs_and_any_other_is_unknown()
    {
        var ending = new TaskCompletionSource<CommandOutcome>();
        _server.Router.Answer = _ => ending.Task;
        (await _server.SendAsync("GET", "/v1/commands/c")).ProblemOf(404, "unknown_command");
        var step = _server.SendAsync("POST", "/v1/instances/i/steps", """{"action":{"content":"left"}}""", headers: ("Idempotency-Key", "c"));
        await Testing.Until.TrueAsync("the command is under way", () => _server.Router.Running.ContainsKey("c"), TimeSpan.FromSeconds(10));

        var running = await _server.SendAsync("GET", "/v1/commands/c");

        running.Status.ShouldBe(HttpStatusCode.Accepted);
        running.Body.ShouldBe("""{"command_id":"c","instance_id":"i","state":"running"}""");
        (await _server.SendAsync("GET", "/v1/commands/c?wait=0.05")).Status.ShouldBe(HttpStatusCode.Accepted);
        (await _server.SendAsync("GET", "/v1/commands/c", key: "key-two")).ProblemOf(404, "unknown_command");
        (await _server.SendAsync("GET", "/v1/commands/c?wait=0.05", headers: ("Accept", "text/event-stream"))).Body.ShouldBe("event: waiting\ndata: {\"command_id\":\"c\",\"instance_id\":\"i\",\"state\":\"running\"}\n\n");
        ending.SetResult(RecordingRouter.Completed("1"));
        (await step).Status.ShouldBe(HttpStatusCode.OK);
        (await _server.SendAsync("GET", "/v1/commands/c?wait=0.05", headers: ("Accept", "text/event-stream"))).Body.ShouldContain("\"state\":\"unknown\"");
    }
}
