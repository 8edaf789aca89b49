using System.Text.Json;
using CsCheck;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Bfcl;

namespace SandQueue.Environments.Tests.Bfcl.SingleTurn;

public sealed class SingleTurnInstanceTests
{
    private const string Right = "<tool_call>{\"name\": \"tank_volume\", \"arguments\": {\"radius_cm\": 30, \"height_cm\": 85}}</tool_call>";

    private readonly BfclEnvironment _sample = BfclEnvironment.Load(null);

    [Fact]
    public void The_right_calls_end_the_episode_with_the_reward()
    {
        using var instance = Create("simple_python_sample0");
        var result = Step(instance, Right);
        (result.Observation, result.Role, result.Reward, result.EndReason).ShouldBe(("[CONVERSATION_COMPLETED]", "user", 1, "completed"));
        Details(instance).ShouldBe(
            """{"valid":true,"accuracy":1,"total_count":1,"correct_count":1,"test_category":"simple_python","test_id":"simple_python_sample0","turn_count":1,"completed":true,"error_type":null,"error":null}""");
    }

    [Fact]
    public void Wrong_calls_end_it_without_one()
    {
        using var instance = Create("simple_python_sample0");
        var result = Step(instance, Right.Replace("85", "86"));
        (result.Reward, result.IsTerminated).ShouldBe((0, true));
        Details(instance).ShouldContain("\"valid\":false");
        Details(instance).ShouldContain("\"error_type\":\"value_error:others\"");
    }

    [Fact]
    public void Both_names_of_a_function_are_taken()
    {
        foreach (var name in new[] { "ferry.find_crossings", "ferry_find_crossings" })
        {
            using var instance = Create("simple_python_sample1");
            var call = new NativeToolCall("1", name, "{\"origin\": \"rostock\", \"destination\": \"Gedser\", \"day\": \"May 9 2031\", \"bicycles\": 2}");
            instance.Step(new AgentAction("", [call]), CancellationToken.None).Reward.ShouldBe(1, name);
        }
    }

    [Theory]
    [InlineData("simple_java_sample0", """{"name": "LedgerStore_open", "arguments": {"name": "harbour_dues", "readOnly": "true", "cachedPages": "64L"}}""")]
    [InlineData("simple_java_sample1", """{"name": "SensorHub_registerAll", "arguments": {"monitor": "boilerMonitor", "sensorIds": "new int[]{11, 12, 15}"}}""")]
    [InlineData("simple_javascript_sample0", """{"name": "showNotice", "arguments": {"text": "'Saved'", "seconds": "2.5", "whenDone": "hideSpinner"}}""")]
    [InlineData("simple_javascript_sample1", """{"name": "sortTable", "arguments": {"table": "pricesTable", "columns": "['region', 'price']", "options": "{hideNewest: true}"}}""")]
    public void Values_of_other_languages_are_source_text(string task, string call)
    {
        using var instance = Create(task);
        Step(instance, $"<tool_call>{call}</tool_call>").Reward.ShouldBe(1, Details(instance));
    }

    [Theory]
    [InlineData("irrelevance_sample0", "None of the tools knows that.", 1)]
    [InlineData("irrelevance_sample0", "", 1)]
    [InlineData("irrelevance_sample0", "None of these functions fits, so there is no <tool_call> to make.", 1)]
    [InlineData("irrelevance_sample0", Right, 0)]
    [InlineData("live_relevance_sample0", "I would rather not.", 0)]
    [InlineData("live_relevance_sample0", "<tool_call>{\"name\": \"anything\", \"arguments\": {}}</tool_call>", 1)]
    public void Relevance_asks_only_whether_a_function_was_called(string task, string text, double reward)
    {
        using var instance = Create(task);
        Step(instance, text).Reward.ShouldBe(reward);
        instance.Evaluate(default).Score.ShouldBe(reward);
    }

    [Fact]
    public void Before_any_answer_nothing_is_right_not_even_silence()
    {
        foreach (var task in _sample.ListTasks("single_turn"))
        {
            using var instance = Create(task);
            instance.Evaluate(default).Score.ShouldBe(0);
            Details(instance).ShouldContain("\"valid\":false");
            Details(instance).ShouldContain("\"completed\":false,\"error_type\":\"no_answer\",\"error\":\"no answer yet\"");
        }
    }

    [Fact]
    public void A_broken_call_goes_back_to_the_agent_and_is_no_answer()
    {
        using var instance = Create("simple_python_sample0");
        var result = Step(instance, Right + "<tool_call>{\"name\": \"tank_volume\", \"arguments\": [1]}</tool_call>");
        result.IsTerminated.ShouldBeFalse();
        result.Observation.ShouldBe(
            "Call 2 (tank_volume): the arguments must be an object of parameter names and values, not an array.\n"
            + "None of the calls of this message was taken. Write all of them again.");
        Details(instance).ShouldContain("no answer yet");
        Step(instance, Right).Reward.ShouldBe(1);
        Details(instance).ShouldContain("\"turn_count\":2");
    }

    [Theory]
    [InlineData("{}", 5)]
    [InlineData("""{"max_unreadable":1}""", 1)]
    [InlineData("""{"max_unreadable":7}""", 7)]
    public void Messages_that_cannot_be_read_end_the_episode_at_last(string parameters, int most)
    {
        using var instance = _sample.Create("simple_python_sample0", new EpisodeParameters(JsonElement.Parse(parameters)));
        for (var sent = 1; sent < most; sent++) Step(instance, "<tool_call>{</tool_call>").EndReason.ShouldBeNull();

        var end = instance.Step(new AgentAction("", [new NativeToolCall("a", "f", "{")]), CancellationToken.None);
        (end.Observation, end.EndReason, end.IsTruncated, end.Reward).ShouldBe(("[CONVERSATION_COMPLETED]", "max_unreadable", true, 0));
        end.ToolMessages.ShouldHaveSingleItem().Content.ShouldStartWith("Not taken: the arguments are not JSON");
        var after = Step(instance, Right);
        (after.Observation, after.EndReason, after.IsTruncated, after.Reward).ShouldBe(("[CONVERSATION_COMPLETED]", "max_unreadable", true, 0));
        instance.Evaluate(default).Score.ShouldBe(0);
    }

    [Fact]
    public void Each_native_call_hears_what_became_of_it()
    {
        using var instance = Create("simple_python_sample0");
        var broken = instance.Step(new AgentAction("", [new NativeToolCall("a", "f", "{}"), new NativeToolCall("b", "g", "{")]), CancellationToken.None);
        broken.ToolMessages.Select(message => (message.ToolCallId, message.Name)).ShouldBe([("a", "f"), ("b", "g")]);
        broken.ToolMessages[0].Content.ShouldBe("Not taken: another call of this message cannot be read.");
        broken.ToolMessages[1].Content.ShouldStartWith("Not taken: the arguments are not JSON");

        var taken = instance.Step(new AgentAction("", [new NativeToolCall("c", "f", "{}")]), CancellationToken.None);
        taken.ToolMessages.ShouldHaveSingleItem().Content.ShouldBe("Recorded as part of the answer.");
    }

    [Fact]
    public void After_the_end_nothing_changes_any_more()
    {
        using var instance = Create("simple_python_sample0");
        Step(instance, "I do not know.").Reward.ShouldBe(0);
        var before = Details(instance);
        var again = Step(instance, Right);
        (again.Observation, again.Reward, again.IsTerminated).ShouldBe(("[CONVERSATION_COMPLETED]", 0, true));
        Details(instance).ShouldBe(before);
    }

    [Fact]
    public void The_tools_are_told_on_request()
    {
        using var instance = Create("multiple_sample2");
        instance.Describe().ShouldStartWith("Available tools:\n{\"type\":\"function\",\"function\":{\"name\":\"clock_difference\"");
    }

    [Fact]
    public void Whatever_the_agent_sends_is_answered_and_evaluated()
    {
        var tasks = _sample.ListTasks("single_turn");
        var value = Gen.OneOf("null", "1", "-0.0", "1e999", "true", "\"\\ud800\"", "\"\"", "[]", "[[1, {}]]", "{}", "{\"street\": {}, \"town\": 1}", "\"new int[]{\"", new string('9', 5000));
        var name = Gen.OneOf("radius_cm", "size_m", "crops", "address", "sensorIds", "columns", "options", "\\ud800", "x");
        var arguments = Gen.Select(name, value, (key, json) => $"\"{key}\": {json}").Array[0, 4].Select(pairs => $"{{{string.Join(", ", pairs)}}}");
        Gen.Select(Gen.Int[0, tasks.Count - 1], arguments).Sample((task, json) =>
        {
            using var instance = Create(tasks[task]);
            using var question = JsonDocument.Parse(instance.Opening.Tools);
            var tool = question.RootElement.GetArrayLength() == 0 ? "f" : question.RootElement[0].GetProperty("function").GetProperty("name").GetString()!;
            instance.Step(new AgentAction("", [new NativeToolCall("1", tool, json)]), CancellationToken.None).IsTerminated.ShouldBeTrue();
            Details(instance).ShouldNotBeEmpty();
        });
    }

    private IInstance Create(string task) => _sample.Create(task, EpisodeParameters.None);

    private static StepResult Step(IInstance instance, string text) => instance.Step(new AgentAction(text, []), CancellationToken.None);

    private static string Details(IInstance instance) => instance.Evaluate(default).Details.ToJsonString();
}
