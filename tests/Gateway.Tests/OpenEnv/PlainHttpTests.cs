using System.Net;
using System.Text;
using System.Text.Json;
using SandQueue.Contracts;
using SandQueue.Gateway.Tests.Doors;
using SandQueue.Gateway.Tests.RestV1;
using SandQueue.Testing;

namespace SandQueue.Gateway.Tests.OpenEnv;

/// <summary>What an environment says of itself without a connection, and MCP's requests over HTTP.</summary>
public sealed class PlainHttpTests(DoorServer server) : IClassFixture<DoorServer>
{
    [Fact]
    public async Task It_is_healthy_and_says_what_it_is()
    {
        (await server.SendAsync("GET", "/openenv/lake/health", key: null)).Body.ShouldBe("""{"status":"healthy"}""");
        (await server.SendAsync("GET", "/openenv/ghost/health", key: null)).DetailOf(404).ShouldBe("there is no environment 'ghost'");
        (await server.SendAsync("GET", "/openenv/ghost/metadata")).DetailOf(404).ShouldContain("served are lake, talk");
        var metadata = (await server.SendAsync("GET", "/openenv/lake/metadata")).Json;
        (metadata.GetProperty("name").GetString(), metadata.GetProperty("description").GetString()).ShouldBe(("lake", "lake on SandQueue: made up"));
        (await server.SendAsync("GET", "/openenv/lake/metadata", key: null)).DetailOf(401);
        (await server.SendAsync("GET", "/openenv/lake/openapi.json", key: null)).Json.GetProperty("info").GetProperty("version").GetString().ShouldBe("1.0.0");
    }

    [Fact]
    public async Task Its_schema_tells_programs_whether_it_has_tools_or_takes_text()
    {
        var tools = (await server.SendAsync("GET", "/openenv/lake/schema")).Json;
        tools.GetProperty("action").GetProperty("title").GetString().ShouldBe("CallToolAction");
        var text = (await server.SendAsync("GET", "/openenv/talk/schema")).Json;
        text.GetProperty("action").GetProperty("required").GetRawText().ShouldBe("""["message"]""");
        foreach (var part in (string[])["action", "observation", "state"]) text.GetProperty(part).GetProperty("type").GetString().ShouldBe("object");
    }

    [Theory]
    [InlineData("POST", "reset")]
    [InlineData("POST", "step")]
    [InlineData("GET", "state")]
    public async Task Resets_and_steps_without_a_connection_are_refused_with_the_way_to_go(string method, string route) =>
        (await server.SendAsync(method, $"/openenv/lake/{route}", method == "POST" ? "{}" : null)).DetailOf(404).ShouldContain("/openenv/lake/ws");

    [Fact]
    public async Task A_session_of_MCP_is_an_instance()
    {
        var made = (await RpcAsync("openenv/session/create", """{"task_id":"b"}""")).GetProperty("result");
        var session = made.GetProperty("session_id").GetString()!;
        made.GetProperty("observation").GetProperty("task_id").GetString().ShouldBe("b");

        var called = (await RpcAsync("tools/call", $$$"""{"name":"move","arguments":{"to":1},"session_id":"{{{session}}}"}""")).GetProperty("result");
        (await RpcAsync("openenv/session/close", $$$"""{"session_id":"{{{session}}}"}""")).GetProperty("result").GetProperty("closed").GetBoolean().ShouldBeTrue();

        called.GetProperty("content")[0].GetProperty("text").GetString().ShouldBe("Step 1.");
        called.GetProperty("data").GetString().ShouldBe("Step 1.");
        called.GetProperty("structuredContent").GetProperty("done").GetBoolean().ShouldBeFalse();
        var step = server.Router.Sent.OfType<StepInstance>().Single(sent => sent.InstanceId == session);
        (step.HasNoIdempotencyKey, step.ExpectedStep).ShouldBe((true, null));
        server.Router.Sent.OfType<ReleaseInstance>().ShouldContain(release => release.InstanceId == session);
    }

    [Fact]
    public async Task A_session_that_could_not_be_closed_is_not_called_closed() =>
        (await RpcAsync("openenv/session/close", """{"session_id":"stays"}""")).GetProperty("error").GetProperty("message").GetString()!.ShouldContain("close it again");

    [Fact]
    public async Task Tools_are_listed_without_a_session() =>
        (await RpcAsync("tools/list", "{}")).GetProperty("result").GetProperty("tools").EnumerateArray().Select(tool => tool.GetProperty("name").GetString()).ShouldBe(["move", "send_message"]);

    [Theory]
    [InlineData("", -32700, "empty")]
    [InlineData("{", -32700, "not JSON")]
    [InlineData("[]", -32700, "must be a JSON object")]
    [InlineData("{}", -32600, "jsonrpc must be")]
    [InlineData("""{"jsonrpc":"1.0","method":"tools/list"}""", -32600, "jsonrpc must be")]
    [InlineData("""{"jsonrpc":"2.0"}""", -32600, "method is required")]
    [InlineData("""{"jsonrpc":"2.0","method":7}""", -32600, "method must be a string")]
    [InlineData("""{"jsonrpc":"2.0","method":"tools/list","params":[]}""", -32600, "params must be an object")]
    [InlineData("""{"jsonrpc":"2.0","method":"fly"}""", -32601, "unknown method 'fly'")]
    [InlineData("""{"jsonrpc":"2.0","method":"tools/call","params":{"name":"move"}}""", -32600, "session_id is required")]
    [InlineData("""{"jsonrpc":"2.0","method":"tools/call","params":{"session_id":"s"}}""", -32600, "name is required")]
    [InlineData("""{"jsonrpc":"2.0","method":"tools/call","params":{"session_id":"s","name":"move","arguments":"x"}}""", -32600, "arguments must be an object")]
    [InlineData("""{"jsonrpc":"2.0","method":"tools/call","params":{"session_id":"s","name":"send_message","arguments":{"content":"x"}}}""", -32000, "there is no session 's'")]
    [InlineData("""{"jsonrpc":"2.0","method":"tools/list","params":{"session_id":"s"}}""", -32000, "there is no session 's'")]
    [InlineData("""{"jsonrpc":"2.0","method":"openenv/session/create","params":{"seed":-1}}""", -32600, "seed must be 0 or more")]
    [InlineData("""{"jsonrpc":"2.0","method":"openenv/session/create","params":{"task_id":"broken"}}""", -32000, "it broke")]
    [InlineData("""{"jsonrpc":"2.0","method":"openenv/session/close"}""", -32600, "session_id is required")]
    public async Task A_wrong_request_of_MCP_is_an_error_of_JSON_RPC(string body, int code, string told)
    {
        var answer = await server.SendAsync("POST", "/openenv/lake/mcp", body);
        answer.Status.ShouldBe(HttpStatusCode.OK);
        var error = answer.Json.GetProperty("error");
        error.GetProperty("code").GetInt32().ShouldBe(code, answer.Body);
        error.GetProperty("message").GetString()!.ShouldContain(told);
        error.GetProperty("message").GetString()!.ShouldNotContain("\n");
    }

    [Fact]
    public async Task A_call_that_failed_has_no_reward()
    {
        var data = (await RpcAsync("tools/call", """{"name":"fail","session_id":"s"}""")).GetProperty("error").GetProperty("data");
        (data.GetProperty("reward").ValueKind, data.GetProperty("valid").GetBoolean(), data.GetProperty("cause").GetString()).ShouldBe((JsonValueKind.Null, false, "infrastructure"));
    }

    [Fact]
    public async Task A_caller_that_hangs_up_while_its_session_is_made_leaves_no_instance_behind()
    {
        await using var alone = new DoorServer();
        await alone.InitializeAsync();
        var (lake, going) = (new Lake(), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        alone.Router.IgnoresHangUps = true;
        alone.Router.Answer = async command =>
        {
            if (command is CreateInstance) await going.Task;
            return await lake.AnswerAsync(command);
        };

        await HangUpAsync(alone, "openenv/session/create", """{"task_id":"b"}""", () => alone.Router.Sent.OfType<CreateInstance>().Any());
        going.SetResult();

        await Until.TrueAsync(
            "the instance is released",
            () => alone.Router.Sent.OfType<ReleaseInstance>().Any(release => release.InstanceId == alone.Router.Sent.OfType<CreateInstance>().Single().InstanceId),
            TimeSpan.FromSeconds(20));
    }

    [Theory]
    [InlineData("")]
    [InlineData(""","step":1""")]
    public async Task A_caller_that_hangs_up_during_a_call_is_reported_unless_its_call_has_a_number(string number)
    {
        await using var alone = new DoorServer();
        await alone.InitializeAsync();
        alone.Router.Answer = async _ =>
        {
            await Task.Delay(Timeout.Infinite, TestContext.Current.CancellationToken);
            return RecordingRouter.Completed("{}");
        };

        await HangUpAsync(alone, "tools/call", $$"""{"session_id":"s","name":"move"{{number}}}""", () => alone.Router.Sent.OfType<StepInstance>().Any());

        await Until.TrueAsync("the call is over", () => alone.Router.Running.IsEmpty, TimeSpan.FromSeconds(20));
        if (number.Length > 0) alone.Router.Undelivered.ShouldBeEmpty("its number finds its answer");
        else await Until.TrueAsync("it is reported", () => alone.Router.Undelivered.OfType<StepInstance>().Any(step => step.InstanceId == "s"), TimeSpan.FromSeconds(20));
    }

    /// <summary>Sends a request, and closes its connection once the condition holds.</summary>
    private static async Task HangUpAsync(DoorServer server, string method, string parameters, Func<bool> began)
    {
        using var http = new HttpClient { BaseAddress = server.Address };
        using var hangUp = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/openenv/lake/mcp")
        {
            Content = new StringContent($$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":{{parameters}}}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new("Bearer", "key-one");
        var sending = http.SendAsync(request, hangUp.Token);
        await Until.TrueAsync("it is under way", began, TimeSpan.FromSeconds(20));
        await hangUp.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => sending);
    }

    private async Task<JsonElement> RpcAsync(string method, string parameters)
    {
        var answer = await server.SendAsync("POST", "/openenv/lake/mcp", Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","id":"i","method":"{{method}}","params":{{parameters}}}"""));
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Body);
        answer.Json.GetProperty("id").GetString().ShouldBe("i");
        return answer.Json;
    }
}
