using System.Net;
using System.Text;
using System.Text.Json;
using SandQueue.Programs;
using SandQueue.Testing;
using SandQueue.Testing.Ors;

namespace SandQueue.EndToEnd.Ors;

/// <summary>Sessions of the Open Reward Standard, on the real program.</summary>
public sealed class SessionTests(SharedProgram shared)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static readonly string[] Way = ["down", "right", "right", "right", "down", "down"];

    private Uri Address => shared.Caller.Address;

    [Fact]
    public async Task A_task_is_played_to_its_end()
    {
        using var client = await OrsClient.OpenAsync(Address);
        (await client.GetAsync("/list_environments")).Body.ShouldContain("frozenlake");
        (await client.GetAsync("/frozenlake/splits")).Body.ShouldBe("""[{"name":"train","type":"train"},{"name":"val","type":"validation"},{"name":"test","type":"test"}]""");
        var task = (await client.PostAsync("/frozenlake/task", """{"split":"val","index":0}""")).Json.GetProperty("task").GetRawText();
        (await client.GetAsync("/frozenlake/tools")).Json.GetProperty("tools").EnumerateArray().Select(tool => tool.Text("name")).ShouldBe(["move", "send_message"]);
        (await client.PostAsync("/create", $$"""{"env_name":"frozenlake","task_spec":{{task}}}""")).Status.ShouldBe(HttpStatusCode.OK);
        (await client.PostAsync("/create", $$"""{"env_name":"frozenlake","task_spec":{{task}}}""")).Status.ShouldBe(HttpStatusCode.OK, "sent again it is the same");
        (await client.PostAsync("/create", """{"env_name":"frozenlake","task_spec":{"task_id":"8x8-0"}}""")).DetailOf(HttpStatusCode.Conflict);
        (await client.PostAsync("/create", $$"""{"task_spec":{{task}}}""")).DetailOf(HttpStatusCode.BadRequest).ShouldContain("env_name is required");

        var prompt = (await client.GetAsync("/frozenlake/prompt")).Json;
        prompt.EnumerateArray().Select(block => block.GetProperty("detail").Text("role")).ShouldBe(["system", "user"]);
        (await client.PostAsync("/ping", "")).Status.ShouldBe(HttpStatusCode.OK);
        JsonElement output = default;
        foreach (var move in Way) output = await client.OutputAsync("frozenlake", $$$"""{"name":"move","input":{"direction":"{{{move}}}"}}""");

        (output.GetProperty("reward").GetDouble(), output.GetProperty("finished").GetBoolean(), output.GetProperty("metadata").GetProperty("score").GetDouble()).ShouldBe((1.0, true, 1.0));
        (await client.CallAsync("frozenlake", """{"name":"move"}""")).Result!.Value.Text("error").ShouldContain("episode_over");
        (await client.PostAsync("/delete", "")).Status.ShouldBe(HttpStatusCode.OK);
        (await client.PostAsync("/delete_session", "")).Status.ShouldBe(HttpStatusCode.OK);
        (await client.PostAsync("/ping", "")).DetailOf(HttpStatusCode.NotFound);
        (await client.GetAsync("/frozenlake/prompt")).DetailOf(HttpStatusCode.Gone).ShouldContain("was released");
        (await client.PostAsync("/create", $$"""{"env_name":"frozenlake","task_spec":{{task}}}""")).DetailOf(HttpStatusCode.Gone).ShouldContain("has ended");
    }

    [Fact]
    public async Task A_task_may_be_named_by_its_place_alone()
    {
        using var client = await OrsClient.OpenAsync(Address);
        (await client.PostAsync("/create", """{"split":"val","index":0}""")).Status.ShouldBe(HttpStatusCode.OK);
        (await client.GetAsync("/frozenlake/prompt")).Json[1].Text("text").ShouldStartWith("A . H .");
        (await client.GetAsync("/frozenlake/task_tools")).Json.GetProperty("tools").GetArrayLength().ShouldBe(2);
        (await client.OutputAsync("frozenlake", """{"name":"send_message","input":{"content":"<action>down</action>"}}""")).GetProperty("blocks")[0].Text("text").ShouldStartWith("You go down.");
    }

    [Fact]
    public async Task A_call_whose_stream_broke_is_asked_for_by_its_id_and_takes_no_effect_twice()
    {
        using var client = await FaultyAsync();
        var id = await client.HangUpAsync("faulty", """{"name":"send_message","input":{"content":"hang 500ms"}}""");

        var again = await client.CallAsync("faulty", $$$"""{"name":"send_message","input":{"content":"hang 500ms"},"task_id":"{{{id}}}"}""");

        again.TaskId.ShouldBe(id);
        again.Result!.Value.GetProperty("output").GetProperty("metadata").GetProperty("step").GetInt32().ShouldBe(1);

        // Asked for once more it is the same, and the next call of the same content is another.
        (await client.CallAsync("faulty", $$$"""{"name":"send_message","input":{"content":"hang 500ms"},"task_id":"{{{id}}}"}""")).Result!.Value.GetRawText().ShouldBe(again.Result!.Value.GetRawText());
        Step(await client.OutputAsync("faulty", """{"name":"send_message","input":{"content":"hang 500ms"}}""")).ShouldBe(2);
    }

    [Fact]
    public async Task A_call_whose_id_was_lost_is_sent_again_without_and_is_the_same_call()
    {
        using var client = await FaultyAsync();
        await client.HangUpAsync("faulty", """{"name":"send_message","input":{"content":"hang 500ms"}}""");

        Step(await client.OutputAsync("faulty", """{"name":"send_message","input":{"content":"hang 500ms"}}""")).ShouldBe(1);
        Step(await client.OutputAsync("faulty", """{"name":"send_message","input":{"content":"count"}}""")).ShouldBe(2);
        Step(await client.OutputAsync("faulty", """{"name":"send_message","input":{"content":"count"}}""")).ShouldBe(3);
    }

    [Fact]
    public async Task A_failure_of_the_environment_is_not_ok_and_has_no_reward()
    {
        using var client = await FaultyAsync();
        var failed = (await client.CallAsync("faulty", """{"name":"send_message","input":{"content":"throw"}}""")).Result!.Value;
        failed.EnumerateObject().Select(member => member.Name).ShouldBe(["ok", "error"]);
        failed.GetProperty("ok").GetBoolean().ShouldBeFalse();
        failed.Text("error").ShouldEndWith("(environment_failed)");
        Step(await client.OutputAsync("faulty", """{"name":"send_message","input":{"content":"count"}}""")).ShouldBe(1);
        (await client.CallAsync("faulty", """{"name":"move","task_id":"0"}""")).Result!.Value.GetProperty("ok").GetBoolean().ShouldBeTrue("an id is good, whoever made it");
        (await client.CallAsync("faulty", """{"name":"fault","task_id":"0"}""")).Result!.Value.Text("error").ShouldContain("used before");
    }

    [Fact]
    public async Task A_large_observation_comes_whole()
    {
        using var client = await FaultyAsync();
        var call = await client.CallAsync("faulty", """{"name":"send_message","input":{"content":"big 300KB"}}""");
        call.Events.Count.ShouldBeGreaterThan(70);
        call.Result!.Value.GetProperty("output").GetProperty("blocks")[0].Text("text").Length.ShouldBe(300 * 1024);
    }

    [Theory]
    [InlineData("GET", "/health", 200, "healthy")]
    [InlineData("GET", "/v1/environments", 200, "frozenlake")]
    [InlineData("GET", "/v1/tools", 404, "unknown_route")]
    [InlineData("POST", "/v1/call", 404, "unknown_route")]
    [InlineData("GET", "/openenv/frozenlake/metadata", 200, "frozenlake")]
    [InlineData("POST", "/create", 200, "instance_id")]
    [InlineData("GET", "/admin/keys", 200, "[")]
    [InlineData("GET", "/docs/", 200, "")]
    [InlineData("GET", "/mcp/tools", 404, "there is no GET /mcp/tools")]
    [InlineData("GET", "/chess/tools", 404, "there is no environment 'chess'")]
    public async Task The_paths_of_environments_hide_no_others(string method, string path, int status, string told)
    {
        var answer = method == "GET" ? await shared.Caller.GetAsync(path) : await shared.Caller.PostAsync(path, """{"env_type":"frozenlake","task_id":"4x4-0"}""");
        ((int)answer.Status).ShouldBe(status, answer.Body);
        answer.Body.ShouldContain(told);
    }

    [Fact]
    public async Task Tenants_see_nothing_of_each_others_sessions()
    {
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("frozenlake").With("SANDQUEUE_API_KEYS", "one=key-one,two=key-two"));
        using var mine = await OrsClient.OpenAsync(program.Address, "key-one");
        (await mine.PostAsync("/create", """{"env_name":"frozenlake","task_spec":{"task_id":"8x8-0"}}""")).Status.ShouldBe(HttpStatusCode.OK);
        var first = await mine.CallAsync("frozenlake", """{"name":"move","input":{"direction":"right"}}""");

        using var theirs = new OrsClient(program.Address, "key-two", mine.Session);
        (await theirs.GetAsync("/frozenlake/prompt")).DetailOf(HttpStatusCode.NotFound);
        (await theirs.GetAsync("/frozenlake/task_tools")).DetailOf(HttpStatusCode.NotFound);
        (await theirs.PostAsync("/ping", "")).DetailOf(HttpStatusCode.NotFound);
        (await theirs.CallAsync("frozenlake", """{"name":"move","input":{"direction":"right"}}""")).Result!.Value.Text("error").ShouldContain("unknown_instance");
        (await theirs.CallAsync("frozenlake", $$$"""{"name":"move","input":{"direction":"right"},"task_id":"{{{first.TaskId}}}"}""")).Result!.Value.Text("error").ShouldContain("unknown_instance");
        (await theirs.PostAsync("/delete", "")).Status.ShouldBe(HttpStatusCode.OK);

        // The same name is theirs to give, and means another instance.
        (await theirs.PostAsync("/create", """{"env_name":"frozenlake","task_spec":{"task_id":"4x4-0"}}""")).Status.ShouldBe(HttpStatusCode.OK);
        Step(await mine.OutputAsync("frozenlake", """{"name":"move","input":{"direction":"right"}}""")).ShouldBe(2);
        Step(await theirs.OutputAsync("frozenlake", """{"name":"move","input":{"direction":"right"}}""")).ShouldBe(1);
        using var nobody = new OrsClient(program.Address, "wrong", mine.Session);
        (await nobody.GetAsync("/frozenlake/prompt")).DetailOf(HttpStatusCode.Unauthorized);
        await program.EndAsync();
    }

    private static int Step(JsonElement output) => output.GetProperty("metadata").GetProperty("step").GetInt32();

    private async Task<OrsClient> FaultyAsync()
    {
        var client = await OrsClient.OpenAsync(Address);
        (await client.PostAsync("/create", """{"env_name":"faulty","task_spec":{"task_id":"plain"}}""")).Status.ShouldBe(HttpStatusCode.OK);
        return client;
    }
}
