using System.Net;
using System.Net.Http.Headers;
using System.Text;
using SandQueue.Programs;

namespace SandQueue.EndToEnd.Mcp;

/// <summary>What no client should send is a clear error of one line, never a 5xx, and the next good request works.</summary>
public sealed class BadInputTests(SharedProgram shared) : IAsyncLifetime
{
    private const string Initialize = """{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}""";
    private const string List = """{"jsonrpc":"2.0","id":9,"method":"tools/list"}""";

    private McpCaller _mcp = null!;

    public async ValueTask InitializeAsync()
    {
        _mcp = new McpCaller(shared.Caller);
        await _mcp.BeginAsync();
    }

    public async ValueTask DisposeAsync()
    {
        (await _mcp.ToolsAsync()).ShouldContain("open_task");
        await _mcp.EndAsync();
    }

    [Theory]
    [InlineData("", "the body is empty")]
    [InlineData("  ", "the body is empty")]
    [InlineData("{", "not JSON")]
    [InlineData("[]", "must be a JSON object, not an array")]
    [InlineData("[" + List + "]", "must be a JSON object, not an array")]
    [InlineData("\"tools/list\"", "must be a JSON object")]
    [InlineData("""{"jsonrpc":"2.0","id":NaN,"method":"tools/list"}""", "not JSON")]
    [InlineData("{}", "")]
    [InlineData("""{"jsonrpc":"1.0","id":1,"method":"tools/list"}""", "")]
    [InlineData("""{"jsonrpc":"2.0","id":null,"method":"tools/list"}""", "")]
    [InlineData("""{"jsonrpc":"2.0","id":{},"method":"tools/list"}""", "")]
    [InlineData("""{"jsonrpc":"2.0","id":"\ud800","method":"tools/list"}""", "")]
    [InlineData("""{"jsonrpc":"2.0","id":1.5,"method":"tools/list"}""", "")]
    [InlineData("""{"jsonrpc":"2.0","id":99999999999999999999,"method":"tools/list"}""", "")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":7}""", "")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"\ud800"}""", "method is not valid text")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"\ud800":1,"method":"tools/list"}""", "")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call"}""", "params.name must be a string")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":[]}""", "params must be an object, not an array")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{}}""", "params.name must be a string")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":7}}""", "params.name must be a string")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"\ud800"}}""", "params.name is not valid text")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}""", "params.protocolVersion must be a string")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":[]}}""", "params.capabilities must be an object")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t"}}}""", "params.clientInfo.version must be a string")]
    public async Task A_body_that_is_no_request_is_refused(string body, string told)
    {
        var answer = await _mcp.PostAsync(body);

        answer.Status.ShouldBe(HttpStatusCode.BadRequest, answer.Body);
        ErrorOf(answer).ShouldContain(told);
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"no/such"}""", -32601)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":7}}""", -32602)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/list","params":[]}""", -32602)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"evaluate","name":"release"}}""", -32602)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"id":2,"method":"tools/list","method":"no/such"}""", -32601)]
    public async Task A_request_that_is_wrong_is_an_error(string body, int? code)
    {
        var answer = await _mcp.PostAsync(body);

        ((int)answer.Status).ShouldBeInRange(200, 499, answer.Body);
        var message = ErrorOf(answer);
        if (code is not null) McpCaller.Messages(answer)[^1].GetProperty("error").GetProperty("code").GetInt32().ShouldBe(code.Value, message);
    }

    [Theory]
    [InlineData("no_such_tool", "{}", "there is no tool 'no_such_tool'")]
    [InlineData("move", "{}", "there is no tool 'move'")]
    [InlineData("send_message", """{"content":"left"}""", "open_task opens one")]
    [InlineData("evaluate", "{}", "no task is open")]
    [InlineData("release", "{}", "no task is open")]
    [InlineData("open_task", "{}", "env_type is required")]
    [InlineData("open_task", "[]", "arguments must be an object, not an array")]
    [InlineData("open_task", "\"frozenlake\"", "arguments must be an object, not a string")]
    [InlineData("open_task", """{"env_type":7,"task_id":"t"}""", "env_type must be a string, not 7")]
    [InlineData("open_task", """{"env_type":"\ud800","task_id":"t"}""", "env_type is not valid text")]
    [InlineData("open_task", """{"env_type":"e","task_id":"a\u0000b"}""", "NUL")]
    [InlineData("open_task", """{"env_type":"e","task_id":"t","instance_id":""}""", "instance_id must not be empty")]
    [InlineData("open_task", """{"env_type":"e","task_id":"t","params":[]}""", "params must be an object, not an array")]
    [InlineData("open_task", """{"env_type":"e","task_id":"t","params":{"_step":1}}""", "params._step has no meaning here")]
    [InlineData("open_task", """{"env_type":"e","task_id":"t","seed":1}""", "not 'seed'")]
    [InlineData("open_task", """{"env_type":"e","task_id":"t","\ud800":1}""", "not valid text")]
    [InlineData("list_tasks", """{"env_type":"frozenlake","limit":0}""", "limit must be an integer from 1 to 1000, not 0")]
    [InlineData("list_tasks", """{"env_type":"frozenlake","limit":1e9}""", "limit must be an integer")]
    [InlineData("list_tasks", """{"env_type":"frozenlake","after":"no such task"}""", "which is no task of this split")]
    [InlineData("list_environments", """{"env_type":"e"}""", "takes nothing")]
    public async Task A_call_that_no_environment_is_to_judge_is_an_error_of_JSON_RPC(string tool, string arguments, string told)
    {
        var error = (await _mcp.CallAsync(tool, arguments))[^1].GetProperty("error");

        error.GetProperty("code").GetInt32().ShouldBe(-32602);
        error.Text("message").ShouldContain(told);
        error.Text("message").ShouldNotContain("\n");
    }

    [Fact]
    public async Task What_is_too_large_too_deep_or_no_text_is_refused()
    {
        ErrorOf(await _mcp.PostAsync([.. "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\""u8, 0xff, .. "\"}"u8])).ShouldContain("not UTF-8");
        var deep = $"{new string('[', 100_000)}{new string(']', 100_000)}";
        ErrorOf(await _mcp.PostAsync($$$"""{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{{{deep}}}}}""")).ShouldNotBeEmpty();
        deep = deep[99_000..101_000];
        ErrorOf(await _mcp.PostAsync($$$"""{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{{{deep}}}}}""")).ShouldNotBeEmpty();
        (await _mcp.PostAsync(new byte[(10 << 20) + 1])).Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await _mcp.CallAsync("open_task", $$$"""{"env_type":"frozenlake","task_id":"4x4-0","params":{"prompt_template":"{{{new string('x', 300_000)}}}"}}"""))[^1].GetProperty("error").Text("message").ShouldContain("Gateway:MaxParamsBytes");
    }

    [Fact]
    public async Task An_agents_deep_and_large_arguments_are_its_environments_to_judge()
    {
        await _mcp.ToldAsync("open_task", """{"env_type":"frozenlake","task_id":"4x4-0"}""");

        (await _mcp.ToldAsync("move", $$"""{"direction":{{new string('[', 2_000)}}{{new string(']', 2_000)}}}""")).GetProperty("step").GetInt32().ShouldBe(1);
        (await _mcp.ToldAsync("move", $$"""{"direction":"{{new string('x', 2_000_000)}}"}""")).GetProperty("step").GetInt32().ShouldBe(2);
        (await _mcp.CallAsync("send_message", """{"text":"left"}"""))[^1].GetProperty("error").Text("message").ShouldContain("needs content");
        await _mcp.ToldAsync("release");
    }

    [Fact]
    public async Task A_request_that_HTTP_or_MCP_has_otherwise_is_refused()
    {
        foreach (var (method, headers, body, status) in ((string, (string, string)[], string?, int)[])[
            ("PUT", [], List, 405),
            ("PATCH", [], List, 405),
            ("POST", [("Accept", "application/json")], Initialize, 406),
            ("POST", [("Accept", "text/html")], Initialize, 406),
            ("POST", [("Content-Type", "text/plain")], List, 415),
            ("POST", [("Mcp-Session-Id", "no such session")], List, 404),
            ("POST", [("Mcp-Session-Id", new string('x', 5000))], List, 404),
            ("POST", [("MCP-Protocol-Version", "1999-01-01")], List, 400),
            ("POST", [("SandQueue-Task", "t")], Initialize, 400),
            ("POST", [("SandQueue-Environment", ""), ("SandQueue-Task", "t")], Initialize, 400),
            ("POST", [("SandQueue-Environment", "frozenlake"), ("SandQueue-Task", "4x4-0"), ("SandQueue-Params", "{")], Initialize, 400),
            ("POST", [("SandQueue-Environment", "frozenlake"), ("SandQueue-Task", "4x4-0"), ("SandQueue-Params", "[]")], Initialize, 400),
            ("POST", [], List, 400),
            ("GET", [], null, 400),
            ("DELETE", [], null, 400),
            ("GET", [("Mcp-Session-Id", "no such session")], null, 404),
        ])
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), "/mcp");
            request.Headers.TryAddWithoutValidation("Accept", headers.FirstOrDefault(header => header.Item1 == "Accept").Item2 ?? "application/json, text/event-stream");
            if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue(headers.FirstOrDefault(header => header.Item1 == "Content-Type").Item2 ?? "application/json"));
            foreach (var (name, value) in headers.Where(header => header.Item1 is not ("Accept" or "Content-Type"))) request.Headers.TryAddWithoutValidation(name, value);

            var answer = await shared.Caller.SendAsync(request);

            ((int)answer.Status).ShouldBe(status, $"{method} {string.Join(' ', headers)}: {answer.Body}");
            ErrorOf(answer).ShouldNotBeEmpty();
        }
    }

    [Fact]
    public async Task A_newer_client_is_told_to_go_on_with_a_revision_that_has_sessions()
    {
        var mcp = new McpCaller(shared.Caller);

        var answer = await mcp.PostAsync(
            """{"jsonrpc":"2.0","id":1,"method":"server/discover","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}""",
            ("MCP-Protocol-Version", "2026-07-28"),
            ("Mcp-Method", "server/discover"));

        answer.Status.ShouldBe(HttpStatusCode.BadRequest, answer.Body);
        answer.Json.GetProperty("error").GetProperty("code").GetInt32().ShouldBe(-32022, answer.Body);
        answer.Body.ShouldContain("2025-11-25");
    }

    [Fact]
    public async Task A_flood_of_requests_is_answered_one_by_one()
    {
        await _mcp.ToldAsync("open_task", """{"env_type":"frozenlake","task_id":"8x8-0"}""");

        var answers = await Task.WhenAll(Enumerable.Range(1000, 200).Select(id => id % 2 == 0
            ? _mcp.CallAsync("move", """{"direction":"left"}""", id)
            : _mcp.CallAsync("nothing", """{"direction":[{}]}""", id)));

        answers.Select(messages => messages[^1].GetProperty("result")).ShouldAllBe(result => result.GetProperty("content").GetArrayLength() > 0);
        await _mcp.ToldAsync("release");
    }

    private static string ErrorOf(Answer answer)
    {
        var error = McpCaller.Messages(answer)[^1].GetProperty("error");
        error.GetProperty("code").GetInt32().ShouldBeLessThan(0);
        var message = error.Text("message")!;
        message.ShouldNotBeNullOrWhiteSpace();
        message.ShouldNotContain("\n");
        message.ShouldNotMatch(@"\bat [A-Za-z_]+\.[A-Za-z_.]+\(", "a message is no stack trace");
        return message;
    }
}
