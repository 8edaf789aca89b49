using System.Net;
using SandQueue.Programs;
using SandQueue.Testing;

namespace SandQueue.EndToEnd.Mcp;

/// <summary>What becomes of a session's instance when the session ends, and of the session when the gateway does.</summary>
public sealed class SessionTests(SharedProgram shared)
{
    private const string Lake = """{"env_type":"frozenlake","task_id":"4x4-1000000"}""";
    private const string Down = """{"direction":"down"}""";

    [Fact]
    public async Task A_session_that_its_client_ends_releases_the_instance_that_it_made_and_leaves_one_that_was_named()
    {
        var mcp = new McpCaller(shared.Caller);
        await mcp.BeginAsync();
        var made = (await mcp.ToldAsync("open_task", Lake)).Text("instance_id");
        (await mcp.EndAsync()).Status.ShouldBe(HttpStatusCode.OK);
        (await StateAsync(shared.Caller, made)).ShouldBe("released");
        (await mcp.PostAsync("""{"jsonrpc":"2.0","id":9,"method":"tools/list"}""")).Status.ShouldBe(HttpStatusCode.NotFound);

        var name = $"mcp-named-{Guid.NewGuid():n}";
        var named = Lake.Replace("}", $",\"instance_id\":\"{name}\"}}", StringComparison.Ordinal);
        await mcp.BeginAsync();
        await mcp.ToldAsync("open_task", named);
        await mcp.ToldAsync("move", Down);
        await mcp.EndAsync();
        (await StateAsync(shared.Caller, name)).ShouldBe("live");

        // Whoever names it goes on with it.
        await mcp.BeginAsync();
        (await mcp.ToldAsync("open_task", named)).GetProperty("steps").GetInt32().ShouldBe(1);
        (await mcp.ToldAsync("move", """{"direction":"right"}""")).GetProperty("step").GetInt32().ShouldBe(2);
        await mcp.ToldAsync("release");
        (await StateAsync(shared.Caller, name)).ShouldBe("released");
        await mcp.EndAsync();
    }

    [Fact]
    public async Task A_second_task_waits_until_the_first_is_released()
    {
        var mcp = new McpCaller(shared.Caller);
        await mcp.BeginAsync();
        await mcp.ToldAsync("open_task", Lake);

        var refused = await mcp.FailureAsync("open_task", """{"env_type":"countdown","task_id":"3-1000001"}""");

        (refused.Text("code"), refused.Text("detail")).ShouldSatisfyAllConditions(told => told.Item1.ShouldBe("conflict"), told => told.Item2.ShouldContain("release it first"));
        await mcp.ToldAsync("release");
        await mcp.ToldAsync("open_task", """{"env_type":"countdown","task_id":"3-1000001"}""");
        (await mcp.ToolsAsync()).ShouldBe(["answer", "send_message", "evaluate", "release"]);
        await mcp.EndAsync();
    }

    [Fact]
    public async Task What_is_sent_again_when_another_task_is_open_gets_its_first_answer_and_what_is_not_the_same_is_refused()
    {
        var mcp = new McpCaller(shared.Caller);
        await mcp.BeginAsync();
        var opened = await mcp.ResultAsync("open_task", Lake, id: 101);
        var moved = await mcp.ResultAsync("move", Down, id: 102);
        var scored = await mcp.ResultAsync("evaluate", id: 103);
        var released = await mcp.ResultAsync("release", id: 104);
        await mcp.ToldAsync("open_task", Lake.Replace("4x4-1000000", "8x8-1000000", StringComparison.Ordinal), id: 105);

        (await mcp.ResultAsync("open_task", Lake, id: 101)).GetRawText().ShouldBe(opened.GetRawText());
        (await mcp.ResultAsync("move", Down, id: 102)).GetRawText().ShouldBe(moved.GetRawText());
        (await mcp.ResultAsync("evaluate", id: 103)).GetRawText().ShouldBe(scored.GetRawText());
        (await mcp.ResultAsync("release", id: 104)).GetRawText().ShouldBe(released.GetRawText());
        (await mcp.FailureAsync("move", """{"direction":"up"}""", id: 102)).Text("code").ShouldBe("conflict");
        (await mcp.FailureAsync("evaluate", id: 102)).Text("code").ShouldBe("conflict");
        (await mcp.ToldAsync("move", Down, id: 106)).GetProperty("step").GetInt32().ShouldBe(1, "none of it took effect");
        await mcp.EndAsync();
        (await StateAsync(shared.Caller, opened.GetProperty("structuredContent").Text("instance_id"))).ShouldBe("released");
    }

    [Fact]
    public async Task A_DELETE_that_is_refused_releases_nothing()
    {
        var mcp = new McpCaller(shared.Caller);
        await mcp.BeginAsync();
        var made = (await mcp.ToldAsync("open_task", Lake)).Text("instance_id");

        foreach (var version in new[] { "2026-07-28", "1999-01-01" })
        {
            var request = new HttpRequestMessage(HttpMethod.Delete, "/mcp");
            request.Headers.Add("Mcp-Session-Id", mcp.Session);
            request.Headers.Add("MCP-Protocol-Version", version);
            ((int)(await shared.Caller.SendAsync(request)).Status).ShouldBeInRange(400, 499);
        }

        (await StateAsync(shared.Caller, made)).ShouldBe("live");
        (await mcp.EndAsync()).Status.ShouldBe(HttpStatusCode.OK);
        (await StateAsync(shared.Caller, made)).ShouldBe("released");
        mcp.Session = new string('x', 10_000);
        (await mcp.EndAsync()).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Headers_open_a_task_as_the_session_begins()
    {
        var mcp = new McpCaller(shared.Caller);

        var begun = await mcp.BeginAsync(("SandQueue-Environment", "frozenlake"), ("SandQueue-Task", "4x4-1000000"), ("SandQueue-Params", """{"max_steps":1}"""));

        begun.Text("instructions").ShouldContain("Which way do you go?");
        (await mcp.ToolsAsync()).ShouldBe(["move", "send_message", "evaluate", "release"]);
        (await mcp.ToldAsync("move", Down)).Text("end_reason").ShouldBe("max_steps");
        await mcp.EndAsync();

        var refused = await mcp.PostAsync(
            """{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"test","version":"1"}}}""",
            ("SandQueue-Environment", "frozenlake"),
            ("SandQueue-Task", "no such task"));
        refused.Status.ShouldBe(HttpStatusCode.NotFound, "the session has ended");
        mcp.Session = null;
        refused = await mcp.PostAsync(
            """{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"test","version":"1"}}}""",
            ("SandQueue-Environment", "frozenlake"),
            ("SandQueue-Task", "no such task"));
        refused.Status.ShouldBe(HttpStatusCode.BadRequest, refused.Body);
        refused.Json.GetProperty("error").Text("message").ShouldContain("no such task");
        refused.Headers.Keys.ShouldNotContain("Mcp-Session-Id");
    }

    [Fact]
    public async Task A_session_goes_on_after_the_program_was_killed_and_ends_when_it_is_idle()
    {
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("frozenlake").With("SANDQUEUE_Gateway__McpSessionIdle", "00:00:05"));
        var mcp = new McpCaller(program.Caller);
        await mcp.BeginAsync();
        var instance = (await mcp.ToldAsync("open_task", Lake, id: 1)).Text("instance_id");
        var first = await mcp.ResultAsync("move", Down, id: 2);
        var idle = new McpCaller(program.Caller);
        await idle.BeginAsync();
        (string, string)[] headers = [("SandQueue-Environment", "frozenlake"), ("SandQueue-Task", "4x4-1000000"), ("SandQueue-Instance", "made elsewhere")];
        await program.Caller.CreateAsync("frozenlake", "4x4-1000000", "made elsewhere");
        var named = new McpCaller(program.Caller);
        await named.BeginAsync(headers);

        await program.KillAsync();
        await program.StartAgainAsync();

        (await mcp.ResultAsync("move", Down, id: 2)).GetRawText().ShouldBe(first.GetRawText());
        (await mcp.ToldAsync("move", """{"direction":"right"}""", id: 3)).GetProperty("step").GetInt32().ShouldBe(2);
        (await mcp.ToolsAsync()).ShouldBe(["move", "send_message", "evaluate", "release"]);
        (await idle.ToolsAsync()).ShouldContain("open_task");
        (await named.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"move","arguments":{"direction":"down"}}}""", headers)).Body.ShouldContain("[step 1, reward 0]");

        await Until.TrueAsync("the idle session releases its instance", async () => await StateAsync(program.Caller, instance) == "released", TimeSpan.FromSeconds(30));
        (await mcp.CallAsync("move", Down, id: 10))[^1].GetProperty("error").Text("message").ShouldContain("no task is open", Case.Sensitive, "never a fresh instance");
        await program.EndAsync();
    }

    private static async Task<string> StateAsync(Caller caller, string instance) => (await caller.GetAsync($"/v1/instances/{instance}")).Json.Text("state");
}
