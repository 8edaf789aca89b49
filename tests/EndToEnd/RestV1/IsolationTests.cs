using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using SandQueue.Programs;

namespace SandQueue.EndToEnd.RestV1;

/// <summary>To a tenant, what belongs to another does not exist, on whatever route.</summary>
public sealed partial class IsolationTests
{
    private const string Secret = "undisclosed";
    private const string Move = """{"role":"assistant","content":"left"}""";

    [Fact]
    public async Task No_route_tells_a_tenant_of_another_or_changes_what_is_anothers()
    {
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("frozenlake").With("SANDQUEUE_API_KEYS", "one=key-one,two=key-two").With("SANDQUEUE_ADMIN_KEYS", "adm=key-admin"));
        using var mine = program.CallerWithKey("key-one");
        using var theirs = program.CallerWithKey("key-two");
        (await mine.PostAsync("/v1/instances", $$"""{"env_type":"frozenlake","task_id":"8x8-0","instance_id":"{{Secret}}"}""", $"{Secret}-create")).Status.ShouldBe(HttpStatusCode.Created);
        (await mine.PostAsync($"/v1/instances/{Secret}/steps", $$"""{"action":{{Move}}}""", $"{Secret}-step")).Status.ShouldBe(HttpStatusCode.OK);
        var cursor = (await mine.GetAsync($"/v1/instances/{Secret}/episode?limit=1")).Json.GetProperty("next_cursor").GetString();
        var before = (await mine.GetAsync($"/v1/instances/{Secret}")).Json;

        var routes = (await theirs.GetAsync("/openapi/v1.json")).Json.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => (Method: operation.Name.ToUpperInvariant(), Path: path.Name))).ToList();
        routes.Count.ShouldBeGreaterThan(10);
        var asked = new List<(string Method, string Path, string Body)>();
        foreach (var (method, path) in routes)
        {
            var body = path.EndsWith("/steps", StringComparison.Ordinal)
                ? path == "/v1/steps" ? $$"""{"steps":[{"instance_id":"{{Secret}}","action":{{Move}}}]}""" : $$"""{"action":{{Move}}}"""
                : "{}";
            asked.AddRange(new[] { Secret, $"{Secret}-step", $"{Secret}-create" }.Select(name => (method, Parameter().Replace(path, name), body)));
        }

        asked.Add(("GET", $"/v1/instances/{Secret}/episode?cursor={cursor}", ""));
        asked.Add(("GET", $"/v1/instances?cursor={before.GetProperty("episode_id").GetInt64() + 1}", ""));
        foreach (var (method, path, body) in asked)
        {
            var answer = await AskAsync(theirs, method, path, body);
            var leaks = answer.Body.Contains("8x8-0", StringComparison.Ordinal) || answer.Body.Contains("\"state\":[", StringComparison.Ordinal) || answer.Body.Contains("\"completed\"", StringComparison.Ordinal);
            leaks.ShouldBeFalse($"{method} {path}: {answer.Body}");
            if (path.Contains(Secret, StringComparison.Ordinal)) ((int)answer.Status).ShouldBeOneOf(path.StartsWith("/v1/keys", StringComparison.Ordinal) ? [403] : [404, 400], $"{method} {path}: {answer.Body}");
        }

        (await theirs.GetAsync("/v1/instances")).Body.ShouldBe("""{"instances":[],"next_cursor":null}""");
        (await theirs.GetAsync("/v1/workers")).ProblemOf(HttpStatusCode.Forbidden, "forbidden");
        (await mine.GetAsync($"/v1/instances/{Secret}")).Json.GetProperty("steps").GetInt32().ShouldBe(1);
        (await mine.PostAsync($"/v1/instances/{Secret}/steps", $$"""{"action":{{Move}},"step":2}""")).Status.ShouldBe(HttpStatusCode.OK);

        // The same names are free for them, and mean other instances and commands.
        (await theirs.PostAsync("/v1/instances", $$"""{"env_type":"frozenlake","task_id":"4x4-0","instance_id":"{{Secret}}"}""", $"{Secret}-create")).Status.ShouldBe(HttpStatusCode.Created);
        (await theirs.GetAsync($"/v1/commands/{Secret}-create")).Body.ShouldContain("4x4-0");
        (await mine.GetAsync($"/v1/commands/{Secret}-create")).Body.ShouldContain("8x8-0");
    }

    private static Task<Answer> AskAsync(Caller caller, string method, string path, string body) => method switch
    {
        "GET" => caller.GetAsync(path),
        "DELETE" => caller.DeleteAsync(path),
        "POST" => caller.PostAsync(path, body),
        _ => caller.SendAsync(new HttpRequestMessage(new HttpMethod(method), path) { Content = new StringContent(body, Encoding.UTF8, "application/json") }),
    };

    [GeneratedRegex(@"\{[a-z_]+\}")]
    private static partial Regex Parameter();
}
