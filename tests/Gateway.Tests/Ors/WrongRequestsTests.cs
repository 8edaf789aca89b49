using System.Net;
using System.Text;
using CsCheck;
using SandQueue.Contracts;
using SandQueue.Gateway.Tests.Doors;
using SandQueue.Storage.Model;

namespace SandQueue.Gateway.Tests.Ors;

/// <summary>Each mistake of a client is an error of one line; nothing becomes a step, and the next good request works.</summary>
public sealed class WrongRequestsTests(DoorServer server) : IClassFixture<DoorServer>
{
    private static readonly (string Method, string Path)[] Routes =
    [
        ("GET", "/list_environments"), ("GET", "/lake/tools"), ("GET", "/lake/splits"), ("POST", "/lake/tasks"), ("POST", "/lake/num_tasks"), ("POST", "/lake/task"), ("POST", "/lake/task_range"),
        ("POST", "/create_session"), ("POST", "/create"), ("POST", "/ping"), ("POST", "/delete"), ("POST", "/delete_session"), ("GET", "/lake/prompt"), ("GET", "/lake/task_tools"), ("POST", "/lake/call"),
    ];

    [Theory]
    [InlineData("/lake/tasks", "", 400, "the body is empty")]
    [InlineData("/lake/tasks", "[]", 400, "must be a JSON object")]
    [InlineData("/lake/tasks", "{", 400, "not JSON")]
    [InlineData("/lake/tasks", "{}", 400, "split is required")]
    [InlineData("/lake/tasks", """{"split":5}""", 400, "split must be a string, not 5")]
    [InlineData("/lake/tasks", """{"split":"dev"}""", 400, "unknown split 'dev'")]
    [InlineData("/lake/tasks", """{"split":"train","limit":1}""", 400, "unknown member 'limit'; known are split")]
    [InlineData("/ghost/tasks", """{"split":"train"}""", 404, "there is no environment 'ghost'; served are lake, talk")]
    [InlineData("/v1/tasks", """{"split":"train"}""", 404, "there is no POST /v1/tasks")]
    [InlineData("/lake/num_tasks", """{"split":"train","index":1}""", 400, "unknown member 'index'")]
    [InlineData("/lake/task", """{"split":"train"}""", 400, "index is required")]
    [InlineData("/lake/task", """{"split":"train","index":3}""", 400, "index 3 is none of the 3 tasks")]
    [InlineData("/lake/task", """{"split":"train","index":-4}""", 400, "index -4")]
    [InlineData("/lake/task", """{"split":"train","index":"1"}""", 400, "index must be an integer")]
    [InlineData("/lake/task", """{"split":"train","index":1e30}""", 400, "index must be an integer")]
    [InlineData("/lake/task_range", """{"split":"train","start":1.5}""", 400, "start must be an integer")]
    [InlineData("/create", "{}", 400, "name the task")]
    [InlineData("/create", """{"split":"train"}""", 400, "name the task")]
    [InlineData("/create", """{"split":"train","index":1,"task_spec":{"task_id":"a"}}""", 400, "not by both")]
    [InlineData("/create", """{"env_name":"lake","task_spec":{}}""", 400, "task_spec needs task_id")]
    [InlineData("/create", """{"env_name":"lake","task_spec":"a"}""", 400, "task_spec must be an object")]
    [InlineData("/create", """{"env_name":"lake","task_spec":{"task_id":"a","level":1}}""", 400, "unknown member 'level'; known are task_id, params")]
    [InlineData("/create", """{"env_name":"lake","task_spec":{"task_id":7}}""", 400, "task_id must be a string")]
    [InlineData("/create", """{"env_name":"lake","task_spec":{"task_id":"a","params":[]}}""", 400, "params must be an object")]
    [InlineData("/create", """{"env_name":"ghost","task_spec":{"task_id":"a"}}""", 404, "there is no environment 'ghost'")]
    [InlineData("/create", """{"env_name":"lake","split":"train","index":9}""", 400, "index 9 is none of the 3 tasks of split 'train'")]
    [InlineData("/create", """{"env_name":"lake","task":"a"}""", 400, "unknown member 'task'")]
    [InlineData("/lake/call", "", 400, "the body is empty")]
    [InlineData("/lake/call", "{}", 400, "name is required")]
    [InlineData("/lake/call", """{"name":""}""", 400, "name must not be empty")]
    [InlineData("/lake/call", """{"name":7}""", 400, "name must be a string, not 7")]
    [InlineData("/lake/call", """{"name":"\ud800"}""", 400, "name is not valid text")]
    [InlineData("/lake/call", """{"name":"move","input":[]}""", 400, "input must be an object, not an array")]
    [InlineData("/lake/call", """{"name":"move","input":NaN}""", 400, "not JSON")]
    [InlineData("/lake/call", """{"name":"move","arguments":{}}""", 400, "unknown member 'arguments'")]
    [InlineData("/lake/call", """{"name":"move","task_id":5}""", 400, "task_id must be a string")]
    [InlineData("/lake/call", """{"name":"move","task_id":"a\nevent: end"}""", 400, "task_id is none that a call gave")]
    public async Task Is_told_and_the_next_request_works(string path, string body, int status, string told)
    {
        var before = server.Router.Sent.OfType<StepInstance>().Count();

        (await server.SendAsync("POST", path, body, headers: ("X-Session-ID", "wrong"))).DetailOf(status).ShouldContain(told);

        server.Router.Sent.OfType<StepInstance>().Count().ShouldBe(before);
        (await server.CallAsync("good", """{"name":"move"}""")).Result!.Value.GetProperty("ok").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task So_is_what_is_no_text_too_deep_or_too_large()
    {
        await IsToldAsync([.. "{\"name\":\""u8, 0xFF, .. "\"}"u8], 400, "UTF-8");
        await IsToldAsync(Encoding.UTF8.GetBytes($$"""{"name":"move","input":{{new string('[', 9000)}}{{new string(']', 9000)}}}"""), 400, "not JSON");
        await IsToldAsync(Encoding.UTF8.GetBytes($$$"""{"name":"move","input":{"text":"{{{new string('x', 100_000)}}}"}}"""), 413, "Gateway:MaxBodyBytes");
        (await server.SendAsync("POST", "/lake/call", """{"name":"move"}""")).DetailOf(400).ShouldContain("X-Session-ID");
    }

    [Fact]
    public async Task Without_a_key_every_route_is_refused()
    {
        foreach (var (method, path) in Routes)
        {
            (await server.SendAsync(method, path, method == "POST" ? "{}" : null, key: null, headers: ("X-Session-ID", "s"))).DetailOf(401).ShouldContain("API key");
            (await server.SendAsync(method, path, method == "POST" ? "{}" : null, key: "wrong", headers: ("X-Session-ID", "s"))).DetailOf(401);
        }
    }

    [Fact]
    public async Task A_key_that_may_only_read_sees_tasks_and_makes_nothing()
    {
        await using var reader = new DoorServer { Scope = KeyScope.Read };
        await reader.InitializeAsync();
        string[] readable = ["/list_environments", "/lake/splits", "/lake/tasks", "/lake/num_tasks", "/lake/task", "/lake/task_range", "/create_session"];
        foreach (var (method, path) in Routes)
        {
            var answer = await reader.SendAsync(method, path, method == "POST" ? """{"split":"train"}""" : null, headers: ("X-Session-ID", "s"));
            if (readable.Contains(path)) ((int)answer.Status).ShouldBeOneOf([200, 400], $"{path}: {answer.Body}");
            else answer.DetailOf(403);
        }

        reader.Router.Sent.ShouldAllBe(command => command is ListTasks);
    }

    [Fact]
    public Task Whatever_is_sent_is_never_a_failure_of_ours()
    {
        var values = OneOf("1", "-1", "1e400", "null", "\"\"", "\"train\"", "\"a\"", "[]", "{}", "[[]]", "\"\\ud800\"", """{"task_id":"a"}""", "true");
        var names = OneOf("split", "index", "start", "stop", "name", "input", "task_id", "env_name", "task_spec", "secrets", "\\ud800");
        var bodies = Gen.OneOf(
            Gen.Select(names, values).Array[0, 4].Select(members => Encoding.UTF8.GetBytes($"{{{string.Join(',', members.Select(member => $"\"{member.Item1}\":{member.Item2}"))}}}")),
            Gen.Byte.Array[0, 40]);
        return Gen.Select(Gen.Int[0, Routes.Length - 1], OneOf("lake", "ghost", "%2F", "..", "%ff", "%00", "ä"), bodies).SampleAsync(
            async (route, environment, body) =>
            {
                var (method, path) = (Routes[route].Method, Routes[route].Path.Replace("lake", environment, StringComparison.Ordinal));
                var answer = await server.SendAsync(method, path, method == "POST" ? body : null, headers: ("X-Session-ID", "fuzz"));
                ((int)answer.Status).ShouldBeLessThan(500, $"{path} {Encoding.UTF8.GetString(body)}: {answer.Body}");
            },
            iter: 500,
            threads: 2);
    }

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private async Task IsToldAsync(byte[] body, int status, string told)
    {
        (await server.SendAsync("POST", "/lake/call", body, headers: ("X-Session-ID", "wrong"))).DetailOf(status).ShouldContain(told);
        (await server.CallAsync("good", """{"name":"move"}""")).Result!.Value.GetProperty("ok").GetBoolean().ShouldBeTrue();
    }
}
