using System.Text;
using System.Text.Json;
using SandQueue.ProtocolServers;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Protocols;

namespace SandQueue.Workers.Tests.Protocols.OpenEnv;

/// <summary>
/// An agent's message means for an image what it means for an environment of our own. The same table is played in the built-in
/// environments by <c>EveryEnvironmentTests</c>.
/// </summary>
public sealed class OpenEnvMessageTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly OpenEnvServer _server = new() { Capacity = 1000 };
    private ServerContainer _container = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _container = await ServerContainer.StartAsync(_server);

    public ValueTask DisposeAsync() => _container.DisposeAsync();

    [Fact]
    public async Task A_message_without_text_is_an_empty_one()
    {
        var empty = await StepAsync("""{"role":"assistant","content":""}""");
        empty.Problem.ShouldBe("no_tool_call");
        foreach (var message in (string[])[
            """{"role":"assistant"}""", """{"role":"assistant","content":null}""", """{"content":null,"tool_calls":[]}""", """{"content":null,"tool_calls":null}""",
            """{"content":null,"reasoning_content":"so it is"}""", """{"content":[]}""", """{"content":[{"type":"text","text":""}]}""", """{"content":"","tool_calls":""}"""])
        {
            (await StepAsync(message)).ShouldBe(empty, message);
        }

        _server.Asked.Count(IsCall).ShouldBe(0);
    }

    [Theory]
    [InlineData("""{"tool_calls":[{"id":"a","type":"function","function":{"name":"game_say","arguments":"{\"text\":\"one\"}"}}]}""")]
    [InlineData("""{"tool_calls":[{"id":"a","type":"function","function":{"name":"game_say","arguments":{"text":"one"}}}]}""")]
    [InlineData("""{"tool_calls":[{"id":"a","function":{"name":"game_say","arguments":"\"{\\\"text\\\":\\\"one\\\"}\""}}]}""")]
    [InlineData("""{"tool_calls":[{"id":7,"type":"tool","name":"game_say","arguments":"{\"text\":\"one\"}"}]}""")]
    [InlineData("""{"tool_calls":{"id":"a","type":"function","name":"game_say","arguments":{"text":"one"}}}""")]
    [InlineData("""{"content":"<tool_call>{\"name\":\"game_say\",\"arguments\":{\"text\":\"other\"}}</tool_call>","tool_calls":[{"name":"game_say","arguments":{"text":"one"}}]}""")]
    [InlineData("""{"content":"<tool_call>\n{\"name\":\"game_say\",\"arguments\":{\"text\":\"one\"}}\n</tool_call>"}""")]
    [InlineData("""{"content":"No <tool_call> yet. <tool_call>{\"name\":\"game_say\",\"arguments\":\"{\\\"text\\\":\\\"one\\\"}\"}"}""")]
    [InlineData("""{"content":[{"type":"text","text":"<tool_call>[{\"name\":\"game_say\","},{"type":"image_url"},{"type":"text","text":"\"arguments\":{\"text\":\"one\"}}]"}]}""")]
    [InlineData("""{"content":"<think><tool_call>{\"name\":\"game_say\",\"arguments\":{\"text\":\"no\"}}</tool_call></think><tool_call>{\"name\":\"game_say\",\"arguments\":{\"text\":\"one\"}}"}""")]
    public async Task Every_form_of_a_call_is_the_same_call(string message)
    {
        (await StepAsync(message)).Observation.ShouldContain("turn 1 of task 1: one");
        _server.Asked.Where(IsCall).ShouldBe(["step one"]);
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\" \\n\"")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("\"{}\"")]
    [InlineData("\"null\"")]
    public async Task No_arguments_are_an_empty_object(string arguments)
    {
        await StepAsync($$"""{"tool_calls":[{"name":"game_say","arguments":{{arguments}}}]}""");
        await StepAsync("""{"tool_calls":[{"name":"game_say"}]}""");
        var asked = _server.Asked.Where(IsCall).ToList();
        asked.Count.ShouldBe(2);
        asked[0].ShouldBe(asked[1]);
        asked[0].ShouldContain("\"arguments\":{}");
    }

    [Theory]
    [InlineData("None of these fits, so there is no <tool_call> to make.")]
    [InlineData("<think>so <tool_call>{\"name\":\"game_say\",\"arguments\":{}}</tool_call>")]
    [InlineData("<tool_call>{\"name\":\"game_say\",\"arguments\":{}}</tool_call> </think>")]
    public async Task Talk_and_thoughts_call_nothing(string text)
    {
        (await StepAsync(JsonSerializer.Serialize(new { content = text }))).Problem.ShouldBe("no_tool_call");
        _server.Asked.Count(IsCall).ShouldBe(0);
    }

    [Theory]
    [InlineData("""{"id":7,"name":"game_say","arguments":"{\"x\":NaN}"}""", "7", "the arguments have NaN at line 1, byte 6, and JSON has no such number")]
    [InlineData("""{"id":"a","name":"game_say","arguments":"{\"x\":-Infinity}"}""", "a", "the arguments have -Infinity")]
    [InlineData("""{"id":"a","name":"game_say","arguments":"{"}""", "a", "the arguments are not JSON")]
    [InlineData("""{"id":"a","name":"game_say","arguments":[1]}""", "a", "the arguments must be an object of parameter names and values, not an array")]
    [InlineData("""{"id":"a","name":"game_say","arguments":"a=1"}""", "a", "the arguments are not JSON")]
    [InlineData("""{"id":1.5}""", "1.5", "the call has no function name")]
    [InlineData("""{"id":"a","name":7}""", "a", "\"name\" must be the name of a function, not 7")]
    [InlineData("7", "call_0", "a call is an object, not 7")]
    public async Task What_cannot_be_read_is_one_clear_answer_to_its_call(string call, string id, string said)
    {
        var step = await StepAsync($$"""{"content":null,"tool_calls":[{{call}}]}""");
        step.Problem.ShouldBe("no_call");
        step.Tools.ShouldStartWith($"{id}: The call cannot be read: {said}");
        _server.Asked.Count(IsCall).ShouldBe(0);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(2_000)]
    [InlineData(100_000)]
    public async Task Arguments_nested_too_deep_are_the_agents_mistake(int levels)
    {
        var arguments = $$"""{"x":{{new string('[', levels)}}{{new string(']', levels)}} }""";
        var step = await StepAsync($$"""{"tool_calls":[{"id":"a","name":"game_say","arguments":{{arguments}} }]}""");
        step.Tools.ShouldBe("a: The call cannot be read: the arguments are nested more than 64 levels deep.");
    }

    [Theory]
    [InlineData(1_001, 1, "the call has 1,001 arguments, and 1,000 are the most")]
    [InlineData(1, 1_001, "the name of an argument has 1,001 characters, and 1,000 are the most")]
    public async Task A_call_that_is_too_large_is_not_sent(int arguments, int name, string said)
    {
        var members = string.Join(',', Enumerable.Range(0, arguments).Select(index => $"\"{new string('a', name)}{(arguments == 1 ? "" : index)}\":1"));
        (await StepAsync($$"""{"tool_calls":[{"id":"a","name":"game_say","arguments":{ {{members}} } }]}""")).Tools.ShouldBe($"a: The call cannot be read: {said}.");
        _server.Asked.Count(IsCall).ShouldBe(0);
    }

    [Theory]
    [InlineData("tools")]
    [InlineData("text")]
    [InlineData("json")]
    public async Task A_message_that_is_too_large_is_not_read(string action)
    {
        var many = string.Join(',', Enumerable.Range(0, 257).Select(index => $$"""{"id":{{index}},"name":"game_say","arguments":{} }"""));
        var calls = await StepAsync($$"""{"tool_calls":[{{many}}]}""", action);
        var text = await StepAsync(JsonSerializer.Serialize(new { content = new string('x', 1_000_001) }), action);

        (calls.Problem, calls.Observation).ShouldBe(("too_large", "Your message was not read: the message has 257 calls, and 256 are the most."));
        calls.Tools.ShouldEndWith($"\n256: {calls.Observation}");
        (text.Problem, text.Observation).ShouldBe(("too_large", "Your message was not read: the message has 1,000,001 characters, and 1,000,000 are the most."));
        _server.Asked.Count(IsCall).ShouldBe(0);
    }

    [Fact]
    public async Task Too_many_calls_in_the_text_are_not_read()
    {
        var text = string.Concat(Enumerable.Repeat("<tool_call>{\"name\":\"game_say\",\"arguments\":{}}</tool_call>", 257));
        (await StepAsync(JsonSerializer.Serialize(new { content = text }))).Observation.ShouldBe("Your message was not read: the message has more than 256 calls.");
        _server.Asked.Count(IsCall).ShouldBe(0);
    }

    [Fact]
    public async Task A_caller_that_gave_up_has_nothing_read()
    {
        var instance = await CreateAsync("tools");
        using var given = new CancellationTokenSource();
        await given.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(instance.StepAsync(
            Encoding.UTF8.GetBytes("""{"tool_calls":[{"name":"nope","arguments":{}}]}"""), default, given.Token));
    }

    [Theory]
    [InlineData("<think>maybe left</think>\n\nright", "right")]
    [InlineData("right\n<think>or left", "right")]
    [InlineData(" as it is ", " as it is ")]
    [InlineData("<tool_call>{\"name\":\"f\"}</tool_call>", "<tool_call>{\"name\":\"f\"}</tool_call>")]
    public async Task Where_there_are_no_tools_the_text_is_the_action_without_its_thoughts(string text, string action)
    {
        (await StepAsync(JsonSerializer.Serialize(new { content = text }), "text")).Observation.ShouldContain($"turn 1 of task 1: {action}");
        _server.Asked.Where(IsCall).ShouldBe([$"step {action}".TrimEnd()]);
    }

    [Theory]
    [InlineData("{\"message\": NaN}", "the arguments have NaN at line 1, byte 13, and JSON has no such number")]
    [InlineData("So: {\"message\": \"hi\", }", "the arguments are not JSON: it breaks at line 1, byte ")]
    public async Task An_action_in_JSON_that_cannot_be_read_is_told_why(string text, string said) =>
        (await StepAsync(JsonSerializer.Serialize(new { content = text }), "json")).Observation.ShouldStartWith($"There is no action in your message: it must hold one JSON object, and {said}");

    [Fact]
    public async Task Half_a_character_is_no_failure()
    {
        const string Message = """{"content":"{\"message\": \"a\ud800b\"}"}""";
        foreach (var action in (string[])["json", "text"]) (await StepAsync(Message, action)).Observation.ShouldContain("turn 1 of task 1");
    }

    private static bool IsCall(string asked) => asked.StartsWith("step", StringComparison.Ordinal) && !asked.Contains("list_tools", StringComparison.Ordinal);

    private async Task<(string Observation, string? Problem, string Tools)> StepAsync(string message, string action = "tools")
    {
        var instance = await CreateAsync(action);
        var answer = await instance.StepAsync(Encoding.UTF8.GetBytes(message), default, Cancel).WaitAsync(Limit, Cancel);
        await instance.ReleaseAsync(Cancel);
        using var step = JsonDocument.Parse(answer);
        var info = step.RootElement.GetProperty("info");
        return (
            step.RootElement.GetProperty("state")[0].GetProperty("content").GetString()!,
            info.TryGetProperty("problem", out var problem) ? problem.GetString() : null,
            info.TryGetProperty("tool_messages", out var tools) ? string.Join('\n', tools.EnumerateArray().Select(tool => $"{tool.GetProperty("tool_call_id").GetString()}: {tool.GetProperty("content").GetString()}")) : "");
    }

    private Task<IEnvironmentInstance> CreateAsync(string action) => new EnvironmentProtocols(TimeProvider.System)
        .Create("game", new EnvironmentOptions { Protocol = "openenv", OpenEnv = new OpenEnvOptions { Action = action, ObservationField = "text" } })
        .CreateAsync(_container, new NewInstance("game", "1", "e1", default), Cancel)
        .WaitAsync(Limit, Cancel);
}
