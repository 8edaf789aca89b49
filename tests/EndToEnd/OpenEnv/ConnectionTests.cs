using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using SandQueue.Programs;
using SandQueue.Testing;
using SandQueue.Testing.OpenEnv;

namespace SandQueue.EndToEnd.OpenEnv;

/// <summary>Episodes over OpenEnv's connections, on the real program.</summary>
public sealed class ConnectionTests(SharedProgram shared)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static readonly string[] Way = ["down", "right", "right", "right", "down", "down"];

    private Caller Caller => shared.Caller;

    [Fact]
    public async Task An_episode_is_played_to_its_end_and_its_instance_released_with_the_connection()
    {
        using var client = await ConnectAsync("frozenlake");
        var instance = Instance(await client.ResetAsync("""{"task_id":"4x4-1000000","params":{"max_steps":50}}"""));
        JsonElement last = default;
        foreach (var move in Way) last = await client.StepAsync($$"""{"message":"<action>{{move}}</action>"}""");

        var data = last.GetProperty("data");
        (data.GetProperty("reward").GetDouble(), data.GetProperty("done").GetBoolean(), last.Observed().GetProperty("score").GetDouble()).ShouldBe((1.0, true, 1.0));
        last.Observed().Text("end_reason").ShouldBe("goal");
        (await client.StepAsync("""{"message":"left"}""")).ErrorOf("EXECUTION_ERROR").ShouldContain("ended with step 6 (goal)");
        client.Socket.Abort();
        await IsAsync(instance, "released");
        (await Caller.GetAsync($"/v1/instances/{instance}/episode")).Json.GetProperty("entries").EnumerateArray().Select(entry => entry.Text("kind"))
            .ShouldBe(["create", "step", "step", "step", "step", "step", "step", "evaluate", "release"]);
    }

    [Fact]
    public async Task Native_tools_are_listed_and_called()
    {
        using var client = await ConnectAsync("bfcl");
        await client.ResetAsync("""{"task_id":"simple_python_sample0"}""");
        (await client.StepAsync("""{"type":"list_tools"}""")).Observed().GetProperty("tools").EnumerateArray().Select(tool => tool.Text("name")).ShouldContain("tank_volume");

        var called = await client.StepAsync("""{"type":"call_tool","tool_name":"tank_volume","arguments":{"radius_cm":30,"height_cm":85}}""");

        called.GetProperty("data").GetProperty("reward").GetDouble().ShouldBe(1.0);
        called.Observed().Text("result").ShouldBe("Recorded as part of the answer.\n\n[CONVERSATION_COMPLETED]");
    }

    [Fact]
    public async Task A_failure_of_the_environment_is_an_error_without_a_reward_and_the_episode_goes_on()
    {
        using var client = await ConnectAsync("faulty");
        await client.ResetAsync("""{"task_id":"plain"}""");
        await client.StepAsync("""{"message":"count"}""");

        var failed = await client.StepAsync("""{"message":"throw"}""");

        failed.ErrorOf("EXECUTION_ERROR");
        failed.GetProperty("data").GetProperty("reward").ValueKind.ShouldBe(JsonValueKind.Null);
        (await client.StepAsync("""{"message":"count"}""")).Observed().GetProperty("step").GetInt32().ShouldBe(2);
        (await client.ResetAsync("""{"task_id":"fail-create"}""")).ErrorOf("FACTORY_ERROR");
        (await client.ResetAsync("""{"task_id":"nowhere"}""")).ErrorOf("VALIDATION_ERROR").ShouldContain("nowhere");
    }

    [Fact]
    public async Task What_says_half_a_character_is_told_as_text()
    {
        using var client = await ConnectAsync("faulty");
        await client.ResetAsync("""{"task_id":"plain"}""");
        (await client.StepAsync("""{"message":"surrogate"}""")).Observed().Text("text").ShouldContain("\ufffd");
        (await client.StepAsync("""{"message":"nul"}""")).Observed().Text("text").ShouldContain("\0");
    }

    [Fact]
    public async Task A_durable_session_goes_on_over_another_connection_and_takes_no_step_twice()
    {
        var reset = $$"""{"task_id":"plain","instance_id":"durable-{{Guid.NewGuid():n}}"}""";
        using (var first = await ConnectAsync("faulty"))
        {
            (await first.ResetAsync(reset)).Observed().GetProperty("step").GetInt32().ShouldBe(0);
            (await first.StepAsync("""{"message":"count"}""")).ErrorOf("VALIDATION_ERROR").ShouldContain("the next is 1");
            (await first.StepAsync("""{"message":"count","step":1}""")).Observed().Text("text").ShouldBe("steps 1, evaluations 0");
            await first.SendAsync("""{"type":"step","data":{"message":"hang 300ms","step":2}}"""u8.ToArray());
            first.Socket.Abort();
        }

        using var second = await ConnectAsync("faulty");
        (await second.StepAsync("""{"message":"count","step":3}""")).ErrorOf("SESSION_ERROR");
        (await second.ResetAsync(reset)).Observed().GetProperty("step").GetInt32().ShouldBeInRange(1, 2);
        (await second.StepAsync("""{"message":"hang 300ms","step":2}""")).Observed().GetProperty("step").GetInt32().ShouldBe(2);
        (await second.StepAsync("""{"message":"other","step":2}""")).ErrorOf("VALIDATION_ERROR").ShouldContain("another action");
        (await second.StepAsync("""{"message":"count","step":3}""")).Observed().Text("text").ShouldBe("steps 3, evaluations 0");
    }

    [Fact]
    public async Task What_a_durable_session_has_lost_is_told_even_after_its_end_and_its_name_is_good_once()
    {
        var name = $"durable-{Guid.NewGuid():n}";
        var reset = $$"""{"task_id":"plain","instance_id":"{{name}}"}""";
        using (var first = await ConnectAsync("faulty"))
        {
            await first.ResetAsync(reset);
            await first.StepAsync("""{"message":"end enough","step":1}""");
        }

        await IsAsync(name, "released");
        using var second = await ConnectAsync("faulty");
        var told = await second.ResetAsync(reset);
        (told.GetProperty("data").GetProperty("done").GetBoolean(), told.Observed().Text("end_reason"), told.Observed().GetProperty("score").GetDouble()).ShouldBe((true, "enough", 1.0));
        (await second.ResetAsync($$"""{"task_id":"other","instance_id":"{{name}}"}""")).ErrorOf("VALIDATION_ERROR");

        var unfinished = $"durable-{Guid.NewGuid():n}";
        await second.ResetAsync($$"""{"task_id":"plain","instance_id":"{{unfinished}}"}""");
        await Caller.ReleaseAsync(unfinished);
        using var third = await ConnectAsync("faulty");
        (await third.ResetAsync($$"""{"task_id":"plain","instance_id":"{{unfinished}}"}""")).ErrorOf("SESSION_ERROR").ShouldContain("was released");
    }

    [Fact]
    public async Task A_page_of_another_site_cannot_connect()
    {
        await Should.ThrowAsync<WebSocketException>(() => FrameClient.ConnectAsync(Caller.Address, "frozenlake", origin: "http://evil.example"));
        using var own = await FrameClient.ConnectAsync(Caller.Address, "frozenlake", origin: "http://localhost:3000");
        (await own.ResetAsync()).Observed();
    }

    [Fact]
    public async Task Tenants_see_nothing_of_each_other_and_a_program_that_ends_closes_its_connections()
    {
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("frozenlake").With("SANDQUEUE_API_KEYS", "one=key-one,two=key-two"));
        using var mine = await FrameClient.ConnectAsync(program.Address, "frozenlake", "key-one");
        using var theirs = await FrameClient.ConnectAsync(program.Address, "frozenlake", "key-two");
        await mine.ResetAsync("""{"task_id":"8x8-0","instance_id":"same"}""");
        await mine.StepAsync("""{"message":"right","step":1}""");

        // The same name is theirs to give, and means another instance.
        (await theirs.ResetAsync("""{"task_id":"4x4-0","instance_id":"same"}""")).Observed().GetProperty("step").GetInt32().ShouldBe(0);
        using (var caller = program.CallerWithKey("key-two"))
        {
            var instance = Instance(await mine.ResetAsync("""{"task_id":"8x8-0"}"""));
            foreach (var (method, parameters) in ((string, string)[])[("tools/list", ""), ("tools/call", ""","name":"move","arguments":{"direction":"left"}"""), ("tools/call", ""","name":"send_message","arguments":{"content":"left"}""")])
            {
                var answer = await caller.PostAsync("/openenv/frozenlake/mcp", $$$"""{"jsonrpc":"2.0","id":1,"method":"{{{method}}}","params":{"session_id":"{{{instance}}}"{{{parameters}}}}}""");
                answer.Status.ShouldBe(HttpStatusCode.OK);
                answer.Json.GetProperty("error").Text("message").ShouldContain(instance);
            }

            await caller.PostAsync("/openenv/frozenlake/mcp", $$$"""{"jsonrpc":"2.0","id":1,"method":"openenv/session/close","params":{"session_id":"{{{instance}}}"}}""");
            (await mine.StepAsync("""{"message":"left"}""")).Observed().GetProperty("step").GetInt32().ShouldBe(1);
        }

        await program.EndAsync();
        (await mine.ReadAsync()).ShouldBeNull();
        mine.Socket.CloseStatus.ShouldBe(WebSocketCloseStatus.EndpointUnavailable);
    }

    private static string Instance(JsonElement frame) => frame.Observed().Text("instance_id");

    private Task<FrameClient> ConnectAsync(string environment) => FrameClient.ConnectAsync(Caller.Address, environment);

    private Task IsAsync(string instance, string state) =>
        Until.TrueAsync($"{instance} is {state}", async () => (await Caller.GetAsync($"/v1/instances/{instance}")).Json.Text("state") == state, Limit);
}
