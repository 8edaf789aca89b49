using System.Net;
using System.Text;
using CsCheck;

namespace SandQueue.Gateway.Tests.RestV1;

/// <summary>Each mistake of a caller is a problem that says what was wrong; nothing becomes a command, and the next good request works.</summary>
public sealed class WrongRequestsTests : IAsyncLifetime
{
    private const string Create = "/v1/instances";
    private const string Step = "/v1/instances/i/steps";
    private const string Evaluate = "/v1/instances/i/evaluations";

    private static readonly string Long = new('x', 201);

    private readonly RestServer _server = new();

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        var sent = _server.Router.Sent.Count;
        (await _server.SendAsync("POST", Step, """{"action":{"content":"left"}}""")).Status.ShouldBe(HttpStatusCode.OK);
        _server.Router.Sent.Count.ShouldBe(sent + 1);
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData(Create, "", "the body is empty")]
    [InlineData(Create, "   ", "the body is empty")]
    [InlineData(Create, "[]", "must be a JSON object, not an array")]
    [InlineData(Create, "{", "not JSON")]
    [InlineData(Create, "{'env_type':'e'}", "not JSON")]
    [InlineData(Create, """{"env_type":"e"} {}""", "not JSON")]
    [InlineData(Create, """{"env_type":NaN}""", "not JSON")]
    [InlineData(Create, """{"env_type":-Infinity}""", "not JSON")]
    [InlineData(Create, "{}", "env_type is required")]
    [InlineData(Create, """{"env_type":"e"}""", "task_id is required")]
    [InlineData(Create, """{"env_type":7,"task_id":"t"}""", "env_type must be a string, not 7")]
    [InlineData(Create, """{"env_type":"e","task_id":null}""", "task_id is required")]
    [InlineData(Create, """{"env_type":"e","task_id":["t"]}""", "task_id must be a string, not an array")]
    [InlineData(Create, """{"env_type":"e","task_id":"t","instance_id":""}""", "instance_id must not be empty")]
    [InlineData(Create, """{"env_type":"e","task_id":"t","instance_id":"a\u0000b"}""", "NUL")]
    [InlineData(Create, """{"env_type":"e","task_id":"t","instance_id":"\ud800"}""", "instance_id is not valid text")]
    [InlineData(Create, """{"env_type":"e","task_id":"t","params":"seed"}""", "params must be an object, not a string")]
    [InlineData(Create, """{"env_type":"e","task_id":"t","params":{"_step":1}}""", "params._step has no meaning here")]
    [InlineData(Create, """{"env_type":"e","task_id":"t","parms":{}}""", "unknown member 'parms'; known are env_type, task_id, instance_id, params")]
    [InlineData(Create, """{"env_type":"e","task_id":"t","\ud800":1}""", "not valid text")]
    [InlineData(Step, "{}", "action is required")]
    [InlineData(Step, """{"action":null}""", "action is required")]
    [InlineData(Step, """{"action":{}}""", "action is required")]
    [InlineData(Step, """{"action":"left"}""", "action must be an object, not a string")]
    [InlineData(Step, """{"action":{"content":5}}""", "action.content must be a string, a list of parts or null, not 5")]
    [InlineData(Step, """{"action":{"content":"x","tool_calls":3}}""", "action.tool_calls")]
    [InlineData(Step, """{"action":{"content":"x"},"step":"1"}""", "step must be an integer")]
    [InlineData(Step, """{"action":{"content":"x"},"step":1e30}""", "step must be an integer")]
    [InlineData(Step, """{"action":{"content":"x"},"step":1.5}""", "step must be an integer")]
    [InlineData(Step, """{"action":{"content":"x"},"messages":{}}""", "unknown member 'messages'; known are action, step, params")]
    [InlineData(Evaluate, """{"messages":[]}""", "messages must be an object, not an array")]
    [InlineData(Evaluate, """{"sparse":true}""", "unknown member 'sparse'; known are messages, params")]
    public Task A_body_that_is_wrong_is_refused(string path, string body, string told) => IsRefusedAsync("POST", path, body, told);

    [Theory]
    [InlineData("GET", "/v1/instances?limt=5", "unknown query parameter 'limt'; this route takes env_type, state, search, cursor, limit")]
    [InlineData("GET", "/v1/instances?limit=0", "limit in the query must be an integer from 1 to 1000, not '0'")]
    [InlineData("GET", "/v1/instances?limit=-1", "limit")]
    [InlineData("GET", "/v1/instances?limit=1001", "limit")]
    [InlineData("GET", "/v1/instances?limit=99999999999999999999", "limit")]
    [InlineData("GET", "/v1/instances?limit=five", "limit")]
    [InlineData("GET", "/v1/instances?limit=", "limit in the query must not be empty")]
    [InlineData("GET", "/v1/instances?limit=1&limit=2", "limit is there 2 times")]
    [InlineData("GET", "/v1/instances?state=dead", "state in the query must be one of creating, live, parked, released, lost, diverged, failed")]
    [InlineData("GET", "/v1/instances?env_type=a%00b", "env_type in the query must not contain NUL")]
    [InlineData("GET", "/v1/instances?cursor=abc", "cursor in the query is none that this route gave")]
    [InlineData("GET", "/v1/instances?cursor=1.2", "cursor")]
    [InlineData("GET", "/v1/instances?cursor=99999999999999999999", "cursor")]
    [InlineData("GET", "/v1/instances/i/episode?cursor=1", "cursor")]
    [InlineData("GET", "/v1/instances/i?full=1", "unknown query parameter 'full'; this route takes episode_id")]
    [InlineData("GET", "/v1/commands/c?wait=NaN", "wait in the query must be a number of seconds above 0, as 2.5, not 'NaN'")]
    [InlineData("GET", "/v1/commands/c?wait=-1", "wait")]
    [InlineData("GET", "/v1/commands/c?wait=1e9", "wait")]
    [InlineData("GET", "/v1/environments?x", "unknown query parameter 'x'")]
    [InlineData("GET", "/v1/environments/e/tasks?timeout=0", "timeout")]
    [InlineData("GET", "/v1/workers?x=1", "unknown query parameter 'x'")]
    [InlineData("GET", "/v1/latency?x=1", "unknown query parameter 'x'")]
    [InlineData("GET", "/v1/activity?of=all", "of in the query must be one of tenant, farm")]
    [InlineData("DELETE", "/v1/instances/i?timeout=soon", "timeout in the query must be a number of seconds above 0, as 2.5, not 'soon'")]
    [InlineData("POST", "/v1/steps?limit=5", "unknown query parameter 'limit'; this route takes timeout")]
    public Task A_query_that_is_wrong_is_refused(string method, string path, string told) => IsRefusedAsync(method, path, body: null, told, "key-admin");

    [Theory]
    [InlineData("""{"value":"sk-1\n"}""", "value has characters that no key has")]
    [InlineData("""{"value":"sk-1\r\nX-Admin: yes"}""", "line breaks")]
    [InlineData("""{"value":"sk-1\u2028"}""", "letters beyond ASCII")]
    [InlineData("""{"value":" sk-1"}""", "spaces")]
    [InlineData("""{"value":""}""", "value must not be empty")]
    [InlineData("{}", "value is required")]
    public async Task A_secret_that_no_header_could_carry_is_refused_and_not_kept(string body, string told)
    {
        await IsRefusedAsync("PUT", "/v1/secrets/mine", body, told);
        (await _server.SendAsync("GET", "/v1/secrets/mine")).ProblemOf(404, "unknown_secret");
    }

    [Fact]
    public async Task So_are_keys_and_names_that_are_too_long()
    {
        (await _server.SendAsync("POST", Step, """{"action":{"content":"x"}}""", headers: ("Idempotency-Key", Long))).ProblemOf(400, "invalid_request").ShouldContain("200");
        (await _server.SendAsync("POST", "/v1/steps", """{"steps":[{"instance_id":"i","action":{"content":"x"}}]}""", headers: ("Idempotency-Key", Long[1..]))).ProblemOf(400, "invalid_request").ShouldContain("index");
        foreach (var path in (string[])[$"/v1/instances/{Long}", $"/v1/commands/{Long}", $"/v1/environments/{Long}", $"/v1/instances/{Long}/episode"])
        {
            (await _server.SendAsync("GET", path)).ProblemOf(400, "invalid_request").ShouldContain("200");
        }

        _server.Router.Sent.ShouldBeEmpty();
    }

    [Fact]
    public async Task Bytes_that_are_no_text_and_bodies_that_are_too_large_or_too_deep_are_refused()
    {
        (await _server.SendAsync("POST", Create, [.. "{\"env_type\":\""u8, 0xFF, .. "\"}"u8])).ProblemOf(400, "invalid_request").ShouldContain("UTF-8");
        (await _server.SendAsync("POST", Create, new string(' ', 100_001))).ProblemOf(413, "body_too_large").ShouldContain("Gateway:MaxBodyBytes");
        (await _server.SendAsync("POST", Create, $$"""{"params":{{new string('[', 9000)}}{{new string(']', 9000)}}}""")).ProblemOf(400, "invalid_request").ShouldContain("not JSON");
        _server.Router.Sent.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("GET", "/v1/nowhere", 404, "unknown_route")]
    [InlineData("GET", "/v1", 404, "unknown_route")]
    [InlineData("PUT", "/v1/instances", 405, "method_not_allowed")]
    [InlineData("GET", "/v1/steps", 405, "method_not_allowed")]
    [InlineData("GET", "/v1/instances/ghost", 404, "unknown_instance")]
    [InlineData("GET", "/v1/instances/ghost/episode", 404, "unknown_instance")]
    [InlineData("GET", "/v1/instances/ghost/episode?cursor=1.1", 404, "unknown_instance")]
    [InlineData("GET", "/v1/commands/ghost", 404, "unknown_command")]
    [InlineData("GET", "/v1/commands/ghost?wait=0.2", 404, "unknown_command")]
    [InlineData("GET", "/v1/environments/ghost", 404, "unknown_environment")]
    [InlineData("GET", "/v1/workers", 403, "forbidden")]
    [InlineData("GET", "/v1/latency", 403, "forbidden")]
    [InlineData("GET", "/v1/activity?of=farm", 403, "forbidden")]
    [InlineData("GET", "/v1/containers", 403, "forbidden")]
    public async Task What_is_not_there_is_told_so(string method, string path, int status, string code) => (await _server.SendAsync(method, path)).ProblemOf(status, code);

    [Fact]
    public async Task Without_a_key_every_route_is_401()
    {
        foreach (var (method, path) in RestRoutes.Of(_server)) (await _server.SendAsync(method, path, "{}", key: null)).ProblemOf(401, "unauthenticated").ShouldContain("Authorization: Bearer");
    }

    [Fact]
    public void Whatever_is_sent_is_never_a_failure_of_ours()
    {
        var routes = RestRoutes.Of(_server).ToArray();
        var names = OneOf("a", "%2F", "%252e", "..", "%ff", "ä", "a%20b", ";", "%7B%7D", "'", "*");
        var text = Gen.String[Gen.Char, 0, 12];
        var query = Gen.Select(OneOf("limit", "cursor", "wait", "timeout", "state", "env_type", "search", "x"), text).Array[0, 2];
        var value = Gen.OneOf(
            OneOf("null", "1", "-1e400", "\"\"", "\"\\ud800\"", "[]", "{}", "true", "[{}]", """{"content":null}""", """{"role":"assistant","content":[1,{}]}""", """[{"instance_id":"a","action":{"content":"x"}}]"""),
            text.Select(some => System.Text.Json.JsonSerializer.Serialize(some)));
        var member = Gen.Select(OneOf("env_type", "task_id", "instance_id", "params", "action", "step", "steps", "messages", "command_id", "x"), value, (name, json) => $"\"{name}\":{json}");
        var body = Gen.OneOf(
            member.Array[0, 5].Select(members => Encoding.UTF8.GetBytes($"{{{string.Join(',', members)}}}")),
            Gen.Byte.Array[0, 40]);
        Gen.Select(Gen.Int[0, routes.Length - 1], names, query, body).Sample(
            (route, name, parameters, sent) =>
            {
                var path = routes[route].Path.Replace("ghost", name, StringComparison.Ordinal);
                var asked = string.Join('&', parameters.Select(parameter => $"{parameter.Item1}={Uri.EscapeDataString(parameter.Item2)}"));
                var answer = _server.SendAsync(routes[route].Method, $"{path}?{asked.Replace("wait=", "wait=0.0", StringComparison.Ordinal)}", sent, "key-admin").GetAwaiter().GetResult();
                ((int)answer.Status).ShouldBeLessThan(500, $"{routes[route]} {name} {asked} {Encoding.UTF8.GetString(sent)}: {answer.Body}");
                if ((int)answer.Status >= 400) answer.Json.GetProperty("detail").GetString().ShouldNotBeNullOrEmpty();
            },
            iter: 3_000,
            threads: 2);
    }

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private async Task IsRefusedAsync(string method, string path, string? body, string told, string key = "key-one")
    {
        (await _server.SendAsync(method, path, body, key)).ProblemOf(400, "invalid_request").ShouldContain(told);
        _server.Router.Sent.ShouldBeEmpty();
    }
}
