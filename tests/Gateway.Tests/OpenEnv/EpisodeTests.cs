using System.Text;
using System.Text.Json;
using SandQueue.Contracts;
using SandQueue.Gateway.Tests.Doors;
using SandQueue.Testing.OpenEnv;

namespace SandQueue.Gateway.Tests.OpenEnv;

/// <summary>What a connection asks becomes commands, and what becomes of their outcomes.</summary>
public sealed class EpisodeTests(DoorServer server) : IClassFixture<DoorServer>
{
    [Fact]
    public async Task A_reset_makes_an_instance_and_a_close_releases_it()
    {
        using var client = await server.ConnectAsync();

        var frame = await client.ResetAsync("""{"seed":4,"episode_id":"mine-1","params":{"max_steps":9}}""");

        frame.GetProperty("data").GetProperty("reward").ValueKind.ShouldBe(JsonValueKind.Null);
        frame.GetProperty("data").GetProperty("done").GetBoolean().ShouldBeFalse();
        var observation = frame.Observed();
        observation.GetProperty("text").GetString().ShouldBe("Rules.\n\nMap of b.");
        observation.GetProperty("messages").GetRawText().ShouldBe("""[{"role":"system","content":"Rules."},{"role":"user","content":"Map of b."}]""");
        observation.GetProperty("info").GetProperty("provenance").GetProperty("version").GetString().ShouldBe("7");
        var create = Sent<CreateInstance>(observation.GetProperty("instance_id").GetString()!).ShouldHaveSingleItem();
        (create.Tenant, create.EnvType, create.TaskId, create.HasNoIdempotencyKey).ShouldBe(("mine", "lake", "b", true));
        Encoding.UTF8.GetString(create.Params).ShouldBe("""{"seed":4,"max_steps":9}""");

        await client.SendAsync("""{"type":"close"}"""u8.ToArray());

        (await client.ReadAsync()).ShouldBeNull();
        Sent<ReleaseInstance>(create.InstanceId).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task The_three_forms_of_an_action_are_messages_and_each_step_has_its_number()
    {
        using var client = await server.ConnectAsync();
        var instance = await ResetAsync(client);

        (await client.StepAsync("""{"message":"go left","metadata":{}}""")).Observed().GetProperty("text").GetString().ShouldBe("Step 1.");
        var called = (await client.StepAsync("""{"type":"call_tool","tool_name":"move","arguments":{"to":[1, 2]}}""")).Observed();
        await client.StepAsync("""{"role":"assistant","content":null,"tool_calls":[]}""");

        (called.GetProperty("tool_name").GetString(), called.GetProperty("result").GetString(), called.GetProperty("error").ValueKind).ShouldBe(("move", "Step 2.", JsonValueKind.Null));
        Sent<StepInstance>(instance).Select(step => (step.ExpectedStep, step.HasNoIdempotencyKey, Encoding.UTF8.GetString(step.Action))).ShouldBe(
        [
            (1, false, """{"role":"assistant","content":"go left"}"""),
            (2, false, """{"role":"assistant","content":null,"tool_calls":[{"id":"call_2","type":"function","function":{"name":"move","arguments":{"to":[1, 2]}}}]}"""),
            (3, false, """{"role":"assistant","content":null,"tool_calls":[]}"""),
        ]);
    }

    [Fact]
    public async Task The_doors_own_tool_sends_a_plain_message()
    {
        using var client = await server.ConnectAsync();
        var instance = await ResetAsync(client);

        (await client.StepAsync("""{"type":"call_tool","tool_name":"send_message","arguments":{"content":"hello"}}""")).Observed();
        (await client.StepAsync("""{"type":"call_tool","tool_name":"send_message"}""")).ErrorOf("VALIDATION_ERROR").ShouldContain("needs content");

        Encoding.UTF8.GetString(Sent<StepInstance>(instance).ShouldHaveSingleItem().Action).ShouldBe("""{"role":"assistant","content":"hello"}""");
    }

    [Fact]
    public async Task The_last_step_has_the_score_beside_its_reward()
    {
        using var client = await server.ConnectAsync();
        await ResetAsync(client);
        await client.StepAsync("""{"message":"1"}""");
        (await client.StepAsync("""{"message":"2"}""")).Observed().TryGetProperty("score", out _).ShouldBeFalse();

        var last = await client.StepAsync("""{"message":"3"}""");

        (last.GetProperty("data").GetProperty("reward").GetDouble(), last.GetProperty("data").GetProperty("done").GetBoolean()).ShouldBe((1.0, true));
        last.Observed().GetProperty("score").GetDouble().ShouldBe(0.75);
        last.Observed().GetProperty("evaluation").GetProperty("details").GetString().ShouldBe("fine");
        last.Observed().GetProperty("end_reason").GetString().ShouldBe("goal");
        var state = (await client.AskAsync("""{"type":"state"}""")).GetProperty("data");
        (state.GetProperty("step_count").GetInt32(), state.GetProperty("done").GetBoolean(), state.GetProperty("score").GetDouble()).ShouldBe((3, true, 0.75));
        state.GetProperty("provenance").GetProperty("version").GetString().ShouldBe("7");
    }

    [Fact]
    public async Task A_step_without_a_reset_is_an_error_and_makes_no_instance()
    {
        var before = Episodes();
        using var client = await server.ConnectAsync();

        (await client.StepAsync("""{"message":"left"}""")).ErrorOf("SESSION_ERROR").ShouldContain("send a reset");
        var state = (await client.AskAsync("""{"type":"state"}""")).GetProperty("data");

        (state.GetProperty("episode_id").ValueKind, state.GetProperty("step_count").GetInt32()).ShouldBe((JsonValueKind.Null, 0));
        Episodes().ShouldBe(before);
        (await client.ResetAsync()).Observed();

        // Not the short ones that say which tools there are.
        int Episodes() => server.Router.Sent.OfType<CreateInstance>().Count(create => !create.InstanceId.StartsWith("tools-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Half_a_surrogate_pair_in_an_answer_is_told_and_its_step_counts_once()
    {
        using var client = await server.ConnectAsync();
        await ResetAsync(client);

        var cut = await client.StepAsync("""{"message":"cut"}""");

        cut.Observed().GetProperty("info").GetProperty("odd").GetString().ShouldBe("\uFFFD");
        (await client.StepAsync("""{"message":"left"}""")).Observed().GetProperty("step").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task A_second_reset_ends_the_episode_before_and_a_wrong_one_does_not()
    {
        using var client = await server.ConnectAsync();
        var first = await ResetAsync(client);

        (await client.ResetAsync("""{"seed":-1}""")).ErrorOf("VALIDATION_ERROR");
        await client.StepAsync("""{"message":"left"}""");
        Sent<ReleaseInstance>(first).ShouldBeEmpty();
        var second = await ResetAsync(client);

        second.ShouldNotBe(first);
        Sent<ReleaseInstance>(first).ShouldHaveSingleItem();
        (await client.StepAsync("""{"message":"left"}""")).Observed().GetProperty("step").GetInt32().ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"task_id":"ghost"}""", "VALIDATION_ERROR")]
    [InlineData("""{"split":"dev","seed":1}""", "VALIDATION_ERROR")]
    [InlineData("""{"task_id":"full"}""", "CAPACITY_REACHED")]
    [InlineData("""{"task_id":"broken"}""", "FACTORY_ERROR")]
    public async Task A_reset_that_begins_nothing_leaves_the_episode_before_as_it_is(string data, string code)
    {
        using var client = await server.ConnectAsync();
        var first = await ResetAsync(client);
        await client.StepAsync("""{"message":"left"}""");

        (await client.ResetAsync(data)).ErrorOf(code);

        (await client.StepAsync("""{"message":"left"}""")).Observed().GetProperty("step").GetInt32().ShouldBe(2);
        Sent<ReleaseInstance>(first).ShouldBeEmpty();
        (await client.ResetAsync()).Observed();
        Sent<ReleaseInstance>(first).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task The_episode_before_ends_once_the_next_has_begun()
    {
        using var client = await server.ConnectAsync();
        var first = await ResetAsync(client);
        var second = await ResetAsync(client);

        var sent = server.Router.Sent.OfType<InstanceCommand>().Where(command => command.InstanceId == first || command.InstanceId == second).Select(command => (command.GetType().Name, command.InstanceId));
        sent.ShouldBe([("CreateInstance", first), ("CreateInstance", second), ("ReleaseInstance", first)]);
    }

    [Fact]
    public async Task A_reset_at_the_limit_of_instances_has_the_place_of_the_episode_before()
    {
        using var client = await server.ConnectAsync();
        var first = await ResetAsync(client);

        var second = (await client.ResetAsync("""{"task_id":"limited"}""")).Observed().GetProperty("instance_id").GetString()!;

        second.ShouldNotBe(first);
        Sent<ReleaseInstance>(first).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Where_slots_are_few_the_episode_before_makes_room_first()
    {
        await using var full = new DoorServer { FreeSlots = 8 };
        await full.InitializeAsync();
        using var client = await full.ConnectAsync();
        var first = await ResetAsync(client);
        var second = await ResetAsync(client);
        full.Router.Sent.OfType<InstanceCommand>().Select(command => (command.GetType().Name, command.InstanceId)).ShouldBe([("CreateInstance", first), ("ReleaseInstance", first), ("CreateInstance", second)]);

        (await client.ResetAsync("""{"task_id":"ghost"}""")).ErrorOf("VALIDATION_ERROR");
        (await client.StepAsync("""{"message":"left"}""")).ErrorOf("SESSION_ERROR");
    }

    [Fact]
    public async Task The_same_seed_is_the_same_task_and_without_one_the_drawn_seed_is_told()
    {
        using var client = await server.ConnectAsync();
        foreach (var (seed, task) in ((long, string)[])[(0, "a"), (1, "b"), (2, "c"), (3, "a"), (long.MaxValue, "b"), (1, "b")])
        {
            (await client.ResetAsync($$"""{"seed":{{seed}}}""")).Observed().GetProperty("task_id").GetString().ShouldBe(task);
        }

        await client.ResetAsync();
        var drawn = (await client.AskAsync("""{"type":"state"}""")).GetProperty("data");
        (await client.ResetAsync($$"""{"seed":{{drawn.GetProperty("seed").GetInt64()}}}""")).Observed().GetProperty("task_id").GetString().ShouldBe(drawn.GetProperty("task_id").GetString());
        await client.ResetAsync("""{"task_id":"c"}""");
        (await client.AskAsync("""{"type":"state"}""")).GetProperty("data").GetProperty("seed").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Theory]
    [InlineData("""{"task_id":"full"}""", "CAPACITY_REACHED", "no_capacity", null)]
    [InlineData("""{"task_id":"broken"}""", "FACTORY_ERROR", "environment_failed", "infrastructure")]
    [InlineData("""{"split":"dev","seed":1}""", "VALIDATION_ERROR", "invalid_request", null)]
    [InlineData("""{"split":"val","seed":1}""", "VALIDATION_ERROR", null, null)]
    public async Task An_instance_that_cannot_be_made_is_an_error_and_the_next_reset_works(string data, string code, string? reason, string? cause)
    {
        using var client = await server.ConnectAsync();

        var error = await client.ResetAsync(data);

        error.ErrorOf(code);
        Member(error, "reason").ShouldBe(reason);
        Member(error, "cause").ShouldBe(cause);
        (await client.StepAsync("""{"message":"left"}""")).ErrorOf("SESSION_ERROR");
        (await client.ResetAsync()).Observed();
    }

    [Theory]
    [InlineData("fail", "EXECUTION_ERROR", "environment_failed", false)]
    [InlineData("slowly", "EXECUTION_ERROR", "timed_out", false)]
    [InlineData("unknown", "EXECUTION_ERROR", "unknown_end", false)]
    [InlineData("lost", "SESSION_ERROR", "lost", true)]
    public async Task A_step_that_failed_is_an_error_without_a_reward(string message, string code, string reason, bool endsIt)
    {
        using var client = await server.ConnectAsync();
        await ResetAsync(client);

        var error = await client.StepAsync($$"""{"message":"{{message}}"}""");

        error.ErrorOf(code);
        Member(error, "reason").ShouldBe(reason);
        Member(error, "cause").ShouldBe("infrastructure");
        error.GetProperty("data").GetProperty("reward").ValueKind.ShouldBe(JsonValueKind.Null);
        error.GetProperty("data").GetProperty("valid").GetBoolean().ShouldBeFalse();
        var next = await client.StepAsync("""{"message":"left"}""");
        if (endsIt) next.ErrorOf("SESSION_ERROR");
        else next.Observed().GetProperty("step").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Tools_are_listed_with_and_without_an_episode_and_no_step_is_taken()
    {
        using var client = await server.ConnectAsync();

        Names(await client.StepAsync("""{"type":"list_tools"}""")).ShouldBe(["move", "send_message"]);
        var instance = await ResetAsync(client, """{"task_id":"b"}""");
        var listed = await client.StepAsync("""{"type":"list_tools"}""");

        Names(listed).ShouldBe(["move", "only_b", "send_message"]);
        listed.Observed().GetProperty("tools")[0].GetRawText().ShouldBe("""{"name":"move","description":"Moves.","input_schema":{"type":"object"}}""");
        Sent<StepInstance>(instance).ShouldBeEmpty();
    }

    [Fact]
    public async Task Requests_of_MCP_on_a_connection_are_for_its_episode()
    {
        using var client = await server.ConnectAsync();
        (await RpcAsync(client, "tools/call", """{"name":"move"}""")).GetProperty("error").GetProperty("data").GetProperty("code").GetString().ShouldBe("SESSION_ERROR");
        var instance = await ResetAsync(client);

        var called = (await RpcAsync(client, "tools/call", """{"name":"move","arguments":{"to":1}}""")).GetProperty("result");
        (await RpcAsync(client, "openenv/session/create", "{}")).GetProperty("result").GetProperty("session_id").GetString().ShouldBe(instance);
        (await RpcAsync(client, "tools/list", "{}")).GetProperty("result").GetProperty("tools")[0].GetProperty("inputSchema").GetRawText().ShouldBe("""{"type":"object"}""");
        (await RpcAsync(client, "prompts/list", "{}")).GetProperty("error").GetProperty("code").GetInt32().ShouldBe(-32601);

        (called.GetProperty("data").GetString(), called.GetProperty("structuredContent").GetProperty("reward").GetDouble()).ShouldBe(("Step 1.", 0.0));
    }

    private static async Task<JsonElement> RpcAsync(FrameClient client, string method, string parameters)
    {
        var frame = await client.AskAsync($$$"""{"type":"mcp","data":{"jsonrpc":"2.0","id":7,"method":"{{{method}}}","params":{{{parameters}}}}}""");
        frame.GetProperty("type").GetString().ShouldBe("mcp");
        var answer = frame.GetProperty("data");
        (answer.GetProperty("jsonrpc").GetString(), answer.GetProperty("id").GetInt32()).ShouldBe(("2.0", 7));
        return answer;
    }

    private static string? Member(JsonElement error, string name) => error.GetProperty("data").TryGetProperty(name, out var value) ? value.GetString() : null;

    private static IEnumerable<string?> Names(JsonElement listed) => listed.Observed().GetProperty("tools").EnumerateArray().Select(tool => tool.GetProperty("name").GetString());

    private static async Task<string> ResetAsync(FrameClient client, string data = """{"seed":0}""") => (await client.ResetAsync(data)).Observed().GetProperty("instance_id").GetString()!;

    private List<T> Sent<T>(string instance)
        where T : InstanceCommand => [.. server.Router.Sent.OfType<T>().Where(command => command.InstanceId == instance)];
}
