using System.Text.Json;
using System.Text.Json.Nodes;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Bfcl;

namespace SandQueue.Environments.Tests.Bfcl.MultiTurn;

public sealed class ConversationTests
{
    private static readonly BfclEnvironment Sample = BfclEnvironment.Load(null);

    [Fact]
    public void Results_come_back_as_a_block_for_each_call()
    {
        using var instance = Create("multi_turn_base_sample0");
        var result = Step(instance, Text("wc", """{"file_name":"harvest.txt"}""") + "\nand\n" + Text("mkdir", """{"dir_name":"new"}"""));
        result.Observation.ShouldBe("""
            <tool_call>
            {"name": "wc", "content": {"count": 3, "type": "lines"}}
            </tool_call>
            <tool_call>
            {"name": "mkdir", "content": "None"}
            </tool_call>
            """);
        (result.Role, result.Reward, result.EndReason).ShouldBe(("user", 0.0, null));
        result.ToolMessages.ShouldBeEmpty();
    }

    [Fact]
    public void Native_calls_are_answered_by_their_ids_too()
    {
        using var instance = Create("multi_turn_base_sample1");
        var result = instance.Step(
            new AgentAction("", [new NativeToolCall("x", "get_ticket", """{"ticket_id":9}"""), new NativeToolCall("y", "get_ticket", """{"ticket_id":7,"extra":1}""")]),
            CancellationToken.None);
        result.ToolMessages.ShouldBe(
        [
            new ToolMessage("x", "get_ticket", """{"error": "Ticket with ID 9 not found."}"""),
            new ToolMessage("y", "get_ticket", "Error during execution: TicketAPI.get_ticket() got an unexpected keyword argument 'extra'"),
        ]);
        result.Observation.ShouldContain("Ticket with ID 9 not found.");
    }

    [Theory]
    [InlineData("nothing_like_it", "Error during execution: name 'nothing_like_it' is not defined")]
    [InlineData("__import__", "Error during execution: name '__import__' is not defined")]
    [InlineData("exec", "Error during execution: name 'exec' is not defined")]
    [InlineData("GorillaFileSystem.ls", "Error during execution: name 'GorillaFileSystem' is not defined")]
    [InlineData("ls(); rm", "Error during execution: invalid syntax (<string>, line 1)")]
    [InlineData("kill", "Error during execution: Function call kill is not allowed.")]
    [InlineData("_tree", "Error during execution: name '_tree' is not defined")]
    public void A_name_that_is_no_function_is_an_answer_and_nothing_else(string name, string answer)
    {
        using var instance = Create("multi_turn_base_sample0");
        var call = new JsonObject { ["name"] = name, ["arguments"] = new JsonObject() }.ToJsonString();
        var content = JsonNode.Parse(Step(instance, $"<tool_call>{call}</tool_call>").Observation.Split('\n')[1])!["content"]!;
        content.GetValue<string>().ShouldBe(answer);
    }

    [Fact]
    public void A_message_without_calls_brings_the_next_wish_and_at_last_the_end()
    {
        using var instance = Create("multi_turn_base_sample1");
        Step(instance, Text("close_ticket", """{"ticket_id":7}"""));
        Step(instance, "Closed.").Observation.ShouldBe("What does it look like now?");
        Step(instance, Text("get_ticket", """{"ticket_id":7}"""));
        var end = Step(instance, "It is closed.");
        (end.Observation, end.EndReason, end.IsTruncated, end.Reward).ShouldBe(("[CONVERSATION_COMPLETED]", "completed", false, 1.0));
        var after = Step(instance, Text("close_ticket", """{"ticket_id":7}"""));
        (after.Observation, after.EndReason, after.Reward).ShouldBe(("[CONVERSATION_COMPLETED]", "completed", 0.0));
        instance.Evaluate(default).Score.ShouldBe(1);
    }

    [Fact]
    public void An_evaluation_midway_is_no_pass_and_says_why()
    {
        using var instance = Create("multi_turn_base_sample1");
        Details(instance).ShouldBe((0, false, "multi_turn:force_terminated", 0));
        Step(instance, Text("close_ticket", """{"ticket_id":7}"""));
        Step(instance, "Closed.");
        Details(instance).ShouldBe((0, false, "multi_turn:force_terminated", 1));
        Step(instance, "I will not look.");
        Details(instance).ShouldBe((0, true, "multi_turn:empty_turn_model_response", 2));
    }

    [Fact]
    public void A_state_or_result_that_differs_fails()
    {
        using var state = Create("multi_turn_base_sample1");
        Step(state, Text("close_ticket", """{"ticket_id":7}""") + Text("create_ticket", """{"title":"one too many"}"""));
        Step(state, "");
        Details(state).Error.ShouldBe("multi_turn:instance_state_mismatch");

        using var results = Create("multi_turn_base_sample1");
        Step(results, Text("close_ticket", """{"ticket_id":7}"""));
        Step(results, "");
        Step(results, Text("get_ticket", """{"ticket_id":8}"""));
        Step(results, "").Reward.ShouldBe(0);
        Details(results).Error.ShouldBe("multi_turn:execution_response_mismatch");
    }

    [Fact]
    public void Withheld_tools_come_with_their_turn()
    {
        using var instance = Create("multi_turn_miss_func_sample0");
        Tools(instance.Opening.Tools.Span).ShouldNotContain("mv");
        instance.Opening.System.ShouldNotContain("\"mv\"");
        Step(instance, Text("mkdir", """{"dir_name":"spring"}""") + Text("cd", """{"folder":"spring"}"""));
        Step(instance, "").Info.ShouldBeNull();
        instance.Describe().ShouldNotContain("\"mv\"");

        var handedOut = Step(instance, "I cannot rename files.");
        handedOut.Observation.ShouldContain("<tools>\n{\"type\":\"function\",\"function\":{\"name\":\"mv\"");
        handedOut.Observation.ShouldNotContain("\"name\":\"cat\"");
        Tools(handedOut.Info!["tools"]!.ToJsonString()).ShouldBe(Tools(instance.Opening.Tools.Span).Append("mv"), ignoreOrder: true);
        instance.Describe().ShouldContain("\"mv\"");
    }

    [Theory]
    [InlineData("json", "[{\"type\":\"function\"", null)]
    [InlineData("none", null, "\"mv\"")]
    public void Withheld_tools_are_shown_in_the_callers_style(string style, string? shown, string? hidden)
    {
        using var instance = Create("multi_turn_miss_func_sample0", $$"""{"tool_prompt":"{{style}}"}""");
        Step(instance, "");
        var handedOut = Step(instance, "");
        if (shown is not null) handedOut.Observation.ShouldContain(shown);
        if (hidden is not null) handedOut.Observation.ShouldNotContain(hidden);
        handedOut.Info!["tools"]!.ToJsonString().ShouldContain("\"mv\"");
    }

    [Fact]
    public void A_turn_that_is_not_ended_fails_after_the_step_beyond_its_limit()
    {
        using var instance = Create("multi_turn_base_sample1", """{"max_steps_per_turn":2}""");
        Step(instance, Text("get_ticket", """{"ticket_id":7}""")).EndReason.ShouldBeNull();
        Step(instance, "<tool_call>broken</tool_call>").EndReason.ShouldBeNull();
        var end = instance.Step(new AgentAction("", [new NativeToolCall("x", "close_ticket", """{"ticket_id":7}""")]), CancellationToken.None);
        (end.Observation, end.EndReason, end.IsTruncated, end.Reward).ShouldBe(("[CONVERSATION_COMPLETED]", "max_steps_per_turn", true, 0.0));
        end.ToolMessages.Single().Content.ShouldContain("closed successfully");
        Details(instance).ShouldBe((0, false, "multi_turn:force_terminated", 0));
        Step(instance, "more").EndReason.ShouldBe("max_steps_per_turn");
    }

    [Fact]
    public void The_limit_is_that_of_the_official_runner_and_starts_anew_each_turn()
    {
        using var instance = Create("multi_turn_base_sample1");
        for (var i = 0; i < 20; i++) Step(instance, Text("get_ticket", """{"ticket_id":7}""")).EndReason.ShouldBeNull();
        Step(instance, "").EndReason.ShouldBeNull();
        for (var i = 0; i < 20; i++) Step(instance, Text("get_ticket", """{"ticket_id":7}""")).EndReason.ShouldBeNull();
        Step(instance, Text("get_ticket", """{"ticket_id":7}""")).EndReason.ShouldBe("max_steps_per_turn");
    }

    [Theory]
    [InlineData("""{"max_steps_per_turn":0}""", "max_steps_per_turn")]
    [InlineData("""{"max_steps_per_turn":"many"}""", "max_steps_per_turn")]
    [InlineData("""{"max_unreadable":0}""", "max_unreadable must be 1 or more, not 0")]
    [InlineData("""{"is_open_query":1}""", "is_open_query must be true or false, not 1")]
    [InlineData("""{"tool_prompt":"yaml"}""", "tool_prompt")]
    public void A_wrong_parameter_is_refused_by_name(string parameters, string name)
    {
        Should.Throw<InvalidRequestException>(() => Create("multi_turn_base_sample1", parameters)).Message.ShouldContain(name);
    }

    [Fact]
    public void An_open_query_ends_with_the_first_turn_and_is_scored_by_it()
    {
        using var right = Create("multi_turn_base_sample1", """{"is_open_query":true}""");
        Details(right).ShouldBe((0, false, "multi_turn:force_terminated", 0));
        Step(right, Text("close_ticket", """{"ticket_id":7}""")).EndReason.ShouldBeNull();
        var end = Step(right, "Closed.");
        (end.Observation, end.EndReason, end.IsTruncated, end.Reward).ShouldBe(("[CONVERSATION_COMPLETED]", "completed", false, 1.0));
        Details(right).ShouldBe((1, true, null, 1));
        Step(right, "And now?").EndReason.ShouldBe("completed");

        using var wrong = Create("multi_turn_base_sample1", """{"is_open_query":true}""");
        (Step(wrong, "I will not.").Reward, Details(wrong).Error).ShouldBe((0, "multi_turn:empty_turn_model_response"));

        using var whole = Create("multi_turn_base_sample1", """{"is_open_query":false}""");
        Step(whole, "I will not.").EndReason.ShouldBeNull();
    }

    [Fact]
    public void A_message_that_only_speaks_of_calls_ends_the_turn()
    {
        using var instance = Create("multi_turn_base_sample1");
        Step(instance, "That is done without any <tool_call> of mine.").Observation.ShouldBe("What does it look like now?");
    }

    [Fact]
    public void A_cancelled_step_runs_nothing()
    {
        using var instance = Create("multi_turn_base_sample0");
        var call = new AgentAction("", [new NativeToolCall("x", "mkdir", """{"dir_name":"new"}""")]);
        Should.Throw<OperationCanceledException>(() => instance.Step(call, new CancellationToken(canceled: true)));
        Step(instance, Text("ls", "{}")).Observation.ShouldNotContain("new");
    }

    [Fact]
    public void Results_that_nobody_can_take_are_cut()
    {
        using var instance = Create("multi_turn_base_sample0");
        Step(instance, Text("echo", $$"""{"content":"{{new string('x', 500_000)}}","file_name":"harvest.txt"}"""));
        var shown = instance.Step(
            new AgentAction("", [.. Enumerable.Range(0, 12).Select(index => new NativeToolCall($"{index}", "cat", """{"file_name":"harvest.txt"}"""))]),
            CancellationToken.None);
        shown.Observation.Length.ShouldBeInRange(4_000_000, 4_010_000);
        shown.ToolMessages[11].Content.ShouldBe("… (cut: this result has 500,020 characters, and the results of a message are shown up to 4,000,000)");
    }

    [Fact]
    public void Two_instances_of_a_task_share_nothing_they_change()
    {
        using var one = Create("multi_turn_base_sample0");
        using var other = Create("multi_turn_base_sample0");
        Step(one, Text("mv", """{"source":"harvest.txt","destination":"old"}""") + Text("cd", """{"folder":"old"}"""));
        Step(other, Text("ls", "{}")).Observation.ShouldContain("\"harvest.txt\"");
        Step(one, Text("ls", "{}")).Observation.ShouldContain("[\"harvest.txt\"]");
    }

    private static IInstance Create(string task, string parameters = "{}") =>
        Sample.Create(task, new EpisodeParameters(JsonElement.Parse(parameters)));

    private static StepResult Step(IInstance instance, string content) => instance.Step(new AgentAction(content, []), CancellationToken.None);

    private static string Text(string name, string arguments) => $$"""<tool_call>{"name": "{{name}}", "arguments": {{arguments}}}</tool_call>""";

    private static (double Score, bool Completed, string? Error, int Turns) Details(IInstance instance)
    {
        var evaluation = instance.Evaluate(default);
        var details = evaluation.Details;
        details["valid"]!.GetValue<bool>().ShouldBe(evaluation.Score == 1);
        return (evaluation.Score, details["completed"]!.GetValue<bool>(), details["error_type"]?.GetValue<string>(), details["turn_count"]!.GetValue<int>());
    }

    private static List<string> Tools(ReadOnlySpan<byte> json) => Tools(System.Text.Encoding.UTF8.GetString(json));

    private static List<string> Tools(string json) =>
        [.. JsonElement.Parse(json).EnumerateArray().Select(tool => tool.GetProperty("function").GetProperty("name").GetString()!)];
}
