using System.Text.Json;
using SandQueue.Programs;

namespace SandQueue.EndToEnd.Mcp;

/// <summary>Episodes over MCP, on the real program.</summary>
public sealed class EpisodeTests(SharedProgram shared)
{
    private const string Lake = """{"env_type":"frozenlake","task_id":"4x4-1000000"}""";

    private static readonly string[] Idle = ["list_environments", "list_tasks", "open_task"];

    [Fact]
    public async Task A_task_is_opened_played_scored_and_released()
    {
        var mcp = await BegunAsync();
        (await mcp.ToolsAsync()).ShouldBe(Idle);

        var opened = await mcp.CallAsync("open_task", Lake);

        opened[0].Text("method").ShouldBe("notifications/tools/list_changed");
        var opening = opened[^1].GetProperty("result");
        opening.GetProperty("content").EnumerateArray().Select(block => block.Text("text")).ElementAt(1).ShouldEndWith("Which way do you go?");
        opening.GetProperty("structuredContent").GetProperty("messages").EnumerateArray().Select(message => message.Text("role")).ShouldBe(["system", "user"]);
        (await mcp.ToolsAsync()).ShouldBe(["move", "send_message", "evaluate", "release"]);

        var step = await mcp.ResultAsync("move", """{"direction":"down"}""");
        step.GetProperty("structuredContent").GetProperty("reward").GetDouble().ShouldBe(0);
        step.GetProperty("content").EnumerateArray().Select(block => block.Text("text")).ShouldBe(["You go down.\n\n. . H .\nA . . .\n. . . .\nH . . G", "[step 1, reward 0]"]);
        foreach (var _ in (int[])[1, 2, 3]) (await mcp.ToldAsync("send_message", """{"content":"<action>right</action>"}""")).GetProperty("terminated").GetBoolean().ShouldBeFalse();
        await mcp.ToldAsync("move", """{"direction":"down"}""");
        var last = await mcp.ToldAsync("move", """{"direction":"down"}""");
        (last.GetProperty("reward").GetDouble(), last.GetProperty("terminated").GetBoolean(), last.Text("end_reason"), last.GetProperty("step").GetInt32()).ShouldBe((1.0, true, "goal", 6));

        (await mcp.FailureAsync("move", """{"direction":"down"}""")).Text("code").ShouldBe("episode_over");
        (await mcp.ToldAsync("evaluate")).GetProperty("score").GetDouble().ShouldBe(1);
        (await mcp.CallAsync("release"))[0].Text("method").ShouldBe("notifications/tools/list_changed");
        (await mcp.ToolsAsync()).ShouldBe(Idle);
    }

    [Fact]
    public async Task Functions_that_are_handed_out_on_the_way_appear_then()
    {
        var mcp = await BegunAsync();
        await mcp.ToldAsync("open_task", """{"env_type":"bfcl","task_id":"multi_turn_miss_func_sample0"}""");
        (await mcp.ToolsAsync()).ShouldNotContain("mv");
        await mcp.ToldAsync("mkdir", """{"dir_name":"spring"}""");
        await mcp.ToldAsync("cd", """{"folder":"spring"}""");
        (await mcp.ToldAsync("send_message", """{"content":"Done."}""")).Text("observation").ShouldContain("harvest.txt");

        var handed = await mcp.CallAsync("send_message", """{"content":"I have no function that renames."}""");

        handed[0].Text("method").ShouldBe("notifications/tools/list_changed");
        (await mcp.ToolsAsync()).ShouldContain("mv");
        await mcp.ToldAsync("cd", """{"folder":".."}""");
        await mcp.ToldAsync("mv", """{"source":"harvest.txt","destination":"autumn.txt"}""");
        await mcp.ToldAsync("send_message", """{"content":"Renamed."}""");
        await mcp.ToldAsync("cat", """{"file_name":"autumn.txt"}""");
        var end = await mcp.ToldAsync("send_message", """{"content":"There it is."}""");
        (end.GetProperty("terminated").GetBoolean(), end.GetProperty("reward").GetDouble()).ShouldBe((true, 1.0));
        await mcp.EndAsync();
    }

    [Theory]
    [InlineData("swim", """{"where":"north"}""")]
    [InlineData("move", """{"direction":7}""")]
    [InlineData("move", "[]")]
    [InlineData("move", """{"direction":"\ud800","direction":"down"}""")]
    public async Task A_mistake_of_the_agent_is_a_step_that_the_environment_judges(string tool, string arguments)
    {
        var mcp = await BegunAsync();
        await mcp.ToldAsync("open_task", Lake);

        var told = await mcp.ToldAsync(tool, arguments);

        (told.GetProperty("step").GetInt32(), told.GetProperty("terminated").GetBoolean()).ShouldBe((1, false));
        (await mcp.ToldAsync("move", """{"direction":"down"}""")).GetProperty("step").GetInt32().ShouldBe(2);
        await mcp.EndAsync();
    }

    [Fact]
    public async Task A_failure_of_the_environment_is_an_error_without_a_reward_and_the_episode_goes_on()
    {
        var mcp = await BegunAsync();
        await mcp.ToldAsync("open_task", """{"env_type":"faulty","task_id":"plain"}""");

        var result = await mcp.ResultAsync("fault", """{"action":"throw"}""");

        result.GetProperty("isError").GetBoolean().ShouldBeTrue();
        var failure = result.GetProperty("structuredContent");
        (failure.GetProperty("reward").ValueKind, failure.GetProperty("valid").GetBoolean(), failure.Text("code"), failure.Text("end")).ShouldBe((JsonValueKind.Null, false, "environment_failed", "failed"));
        result.GetProperty("content")[0].Text("text").ShouldStartWith("environment_failed: ");
        (await mcp.ToldAsync("fault", """{"action":"count"}""")).GetProperty("valid").GetBoolean().ShouldBeTrue();
        (await mcp.ToldAsync("fault", """{"action":"surrogate"}""")).Text("observation").ShouldContain("�");
        await mcp.EndAsync();
    }

    [Fact]
    public async Task A_call_that_is_sent_again_takes_effect_once_also_when_its_task_is_released_by_then()
    {
        var mcp = await BegunAsync();
        var opened = await mcp.ResultAsync("open_task", Lake, id: 100);
        var step = await mcp.ResultAsync("move", """{"direction":"down"}""", id: 101);

        (await mcp.ResultAsync("open_task", Lake, id: 100)).GetProperty("structuredContent").Text("instance_id").ShouldBe(opened.GetProperty("structuredContent").Text("instance_id"));
        (await mcp.ResultAsync("move", """{"direction":"down"}""", id: 101)).GetRawText().ShouldBe(step.GetRawText());
        (await mcp.FailureAsync("move", """{"direction":"up"}""", id: 101)).Text("code").ShouldBe("conflict");
        (await mcp.ToldAsync("move", """{"direction":"right"}""", id: 102)).GetProperty("step").GetInt32().ShouldBe(2);
        var released = await mcp.ResultAsync("release", id: 103);
        (await mcp.ResultAsync("release", id: 103)).GetRawText().ShouldBe(released.GetRawText());
        (await mcp.ResultAsync("move", """{"direction":"down"}""", id: 101)).GetRawText().ShouldBe(step.GetRawText());
        (await mcp.ResultAsync("open_task", Lake, id: 100)).GetProperty("structuredContent").GetProperty("valid").GetBoolean().ShouldBeTrue();
        (await mcp.ToolsAsync()).ShouldBe(Idle, "a task that was released is not opened by the same request");
        await mcp.EndAsync();
    }

    [Fact]
    public async Task Calls_at_the_same_time_under_one_id_are_one_step()
    {
        var mcp = await BegunAsync();
        await mcp.ToldAsync("open_task", Lake);

        var steps = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => mcp.ToldAsync("move", """{"direction":"down"}""", id: 50)));

        steps.ShouldAllBe(step => step.GetProperty("step").GetInt32() == 1);
        (await mcp.ToldAsync("move", """{"direction":"right"}""", id: 51)).GetProperty("step").GetInt32().ShouldBe(2);
        await mcp.EndAsync();
    }

    [Fact]
    public async Task Environments_and_tasks_are_found()
    {
        var mcp = await BegunAsync();

        (await mcp.ToldAsync("list_environments")).GetProperty("environments").EnumerateArray().Select(environment => environment.Text("env_type")).ShouldContain("frozenlake");
        var first = await mcp.ToldAsync("list_tasks", """{"env_type":"frozenlake","split":"val","limit":2}""");
        first.GetProperty("tasks").EnumerateArray().Select(task => task.GetString()).ShouldBe(["4x4-1000000", "4x4-slippery-1000000"]);
        first.GetProperty("more").GetBoolean().ShouldBeTrue();
        (await mcp.ToldAsync("list_tasks", """{"env_type":"frozenlake","split":"val","limit":1,"after":"4x4-slippery-1000000"}""")).GetProperty("tasks")[0].GetString().ShouldBe("8x8-1000000");
        (await mcp.FailureAsync("list_tasks", """{"env_type":"chess"}""")).Text("code").ShouldBe("invalid_request");
        (await mcp.FailureAsync("open_task", """{"env_type":"frozenlake","task_id":"no such task"}""")).Text("code").ShouldBe("invalid_request");
        await mcp.EndAsync();
    }

    private async Task<McpCaller> BegunAsync()
    {
        var mcp = new McpCaller(shared.Caller);
        (await mcp.BeginAsync()).GetProperty("serverInfo").Text("name").ShouldBe("sandqueue");
        return mcp;
    }
}
