using System.Net;
using SandQueue.Programs;

namespace SandQueue.EndToEnd.Mcp;

/// <summary>A session is its tenant's, and needs a key that may change something.</summary>
public sealed class IsolationTests
{
    private const string Lake = """{"env_type":"frozenlake","task_id":"4x4-1000000","instance_id":"same"}""";
    private const string List = """{"jsonrpc":"2.0","id":9,"method":"tools/list"}""";

    [Fact]
    public async Task A_session_does_not_exist_for_another_tenant_and_ends_at_the_limit()
    {
        await using var program = await RunningProgram.StartAsync(
            ProgramSettings.Serving("frozenlake").With("SANDQUEUE_API_KEYS", "one=key-one,one=key-other,two=key-two").With("SANDQUEUE_Gateway__McpSessions", "2"));
        using var mine = program.CallerWithKey("key-one");
        using var mineToo = program.CallerWithKey("key-other");
        using var theirs = program.CallerWithKey("key-two");
        var (first, second) = (new McpCaller(mine), new McpCaller(theirs));
        (await new McpCaller(program.Caller).PostAsync(List)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        await first.BeginAsync();
        await second.BeginAsync();
        await first.ToldAsync("open_task", Lake);
        await first.ToldAsync("move", """{"direction":"down"}""");

        // The same name is another instance.
        (await second.ToldAsync("open_task", Lake)).GetProperty("steps").GetInt32().ShouldBe(0);
        var intruder = new McpCaller(theirs) { Session = first.Session };
        (await intruder.PostAsync(List)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await intruder.EndAsync()).Status.ShouldBe(HttpStatusCode.NotFound);
        (await intruder.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/mcp"))).Status.ShouldBe(HttpStatusCode.NotFound);

        // A tenant's other key goes on, also after a restart; another tenant's does not.
        (await new McpCaller(mineToo) { Session = first.Session }.ToldAsync("move", """{"direction":"right"}""", id: 70)).GetProperty("step").GetInt32().ShouldBe(2);
        await program.KillAsync();
        await program.StartAgainAsync();
        (await first.ToldAsync("move", """{"direction":"right"}""", id: 71)).GetProperty("step").GetInt32().ShouldBe(3);
        (await intruder.PostAsync(List)).Status.ShouldBe(HttpStatusCode.NotFound);

        await new McpCaller(mine).BeginAsync();
        var over = await new McpCaller(mine).PostAsync("""{"jsonrpc":"2.0","id":0,"method":"initialize","params":{}}""");
        over.Status.ShouldBe(HttpStatusCode.TooManyRequests, over.Body);
        over.Headers.Keys.ShouldContain("Retry-After");
        over.Json.GetProperty("error").GetProperty("data").Text("code").ShouldBe("over_limit");
        await second.BeginAsync();
        await program.EndAsync();
    }
}
