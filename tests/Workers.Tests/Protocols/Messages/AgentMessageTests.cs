using System.Diagnostics;
using System.Text;
using SandQueue.Hosting.Settings;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Protocols.Messages;

namespace SandQueue.Workers.Tests.Protocols.Messages;

public sealed class AgentMessageTests
{
    [Theory]
    [InlineData("""{"role":"assistant","content":"hello"}""", "hello")]
    [InlineData("""{"role":"assistant","content":null,"tool_calls":[]}""", "")]
    [InlineData("""{"role":"assistant"}""", "")]
    [InlineData("""{"content":null,"reasoning_content":"so it is","refusal":null}""", "")]
    [InlineData("""{"content":[{"type":"text","text":"one, "},{"type":"image_url","image_url":{"url":"x"}},{"type":"text","text":"two"}]}""", "one, two")]
    [InlineData("""{"content":[{"type":"output_text","text":"a"},{"text":"b"},"c",{"type":"refusal","refusal":"no"},{"type":"thinking","text":"no"},null,7]}""", "abc")]
    [InlineData("""{"content":{"type":"text","text":"x"}}""", "x")]
    [InlineData("""{"content":3}""", "3")]
    [InlineData("""{"content":"x","tool_calls":""}""", "x")]
    [InlineData("""{"content":"<think>maybe left</think>\n\nright"}""", "right")]
    [InlineData("""{"content":"the template opened it </think> no, </think>right"}""", "right")]
    [InlineData("""{"content":"right <think>or left"}""", "right")]
    [InlineData("""{"content":" as it is "}""", " as it is ")]
    [InlineData("""{"content":"a\ud800b\u0000"}""", "a\ufffdb\0")]
    public void Its_text_is_read_as_model_servers_send_it(string message, string content)
    {
        Read(message).Content.ShouldBe(content);
        Read(message).ReadCalls().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("3")]
    [InlineData("{\"content\":")]
    public void What_is_no_message_is_the_callers_mistake(string message) => Should.Throw<EnvironmentRejectedException>(() => Read(message)).Message.ShouldNotContain("\n");

    [Theory]
    [InlineData("""{"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\": 1}"}}""", "a", "f", """{"x": 1}""")]
    [InlineData("""{"id":"a","type":"function","name":"f","arguments":{"x":1}}""", "a", "f", """{"x":1}""")]
    [InlineData("""{"id":"a","type":"tool","name":"f","arguments":"{\"x\": 1}"}""", "a", "f", """{"x": 1}""")]
    [InlineData("""{"id":7,"name":"f","arguments":null}""", "7", "f", "{}")]
    [InlineData("""{"function":{"name":"f"}}""", "call_0", "f", "{}")]
    [InlineData("""{"function":{"name":"f","arguments":""}}""", "call_0", "f", "")]
    public void Native_calls_come_nested_and_flat(string call, string id, string name, string arguments)
    {
        Read($$"""{"tool_calls":[{{call}}]}""").ReadCalls().ShouldHaveSingleItem().ShouldBe(new AgentToolCall(id, name, arguments));
        Read($$"""{"tool_calls":{{call}}}""").ReadCalls().ShouldHaveSingleItem().ShouldBe(new AgentToolCall(id, name, arguments));
    }

    [Theory]
    [InlineData("3")]
    [InlineData("\"f()\"")]
    [InlineData("[1]")]
    [InlineData("[null]")]
    [InlineData("""[{"id":"a","function":"f"}]""")]
    [InlineData("""[{"id":"a","name":7}]""")]
    public void What_is_no_call_is_the_agents_mistake(string calls) => Read($$"""{"tool_calls":{{calls}} }""").ReadCalls().ShouldHaveSingleItem().Mistake.ShouldNotBeNull();

    [Theory]
    [InlineData("<tool_call>{\"name\": \"f\", \"arguments\": {\"t\": \"</tool_call>\"}}</tool_call>", "f{\"t\": \"</tool_call>\"}")]
    [InlineData("Now: <tool_call>\n{\"name\": \"f\", \"arguments\": {}}\n</tool_call><tool_call>[{\"name\": \"g\"}]", "f{} g{}")]
    [InlineData("<think><tool_call>{\"name\": \"no\"}</tool_call></think>", "")]
    [InlineData("None of these functions fits, so there is no <tool_call> to make.", "")]
    [InlineData("I could write <tool_call>", "")]
    [InlineData("<tool_call>f(x)</tool_call>", "!")]
    [InlineData("<tool_call>{\"name\": \"f\", </tool_call> <tool_call>{\"name\": \"g\"}</tool_call>", "! g{}")]
    public void Calls_are_read_from_the_text_where_there_are_no_native_ones(string text, string calls)
    {
        var read = Read($$"""{"content":{{System.Text.Json.JsonSerializer.Serialize(text)}}}""").ReadCalls();
        string.Join(' ', read.Select(call => call.Mistake is null ? call.Name + call.Arguments : "!")).ShouldBe(calls);
    }

    [Fact]
    public void Native_calls_are_the_only_ones_where_there_are_any()
    {
        Read("""{"content":"<tool_call>{\"name\": \"f\"}</tool_call>","tool_calls":[{"name":"g"}]}""").ReadCalls().ShouldHaveSingleItem().Name.ShouldBe("g");
    }

    [Fact]
    public void Many_tags_take_no_longer_than_the_text_is_long()
    {
        // With the square of it, the first alone takes more than a minute.
        var started = Stopwatch.GetTimestamp();
        new AgentMessage(string.Concat(Enumerable.Repeat("<tool_call>", 400_000)), []).ReadCalls().ShouldBeEmpty();
        new AgentMessage(string.Concat(Enumerable.Repeat("<tool_call>{\"a\": ", 100_000)), []).ReadCalls().Count.ShouldBe(256);
        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }

    [Theory]
    [InlineData("""{"a": 1}""", """{"a": 1}""", null)]
    [InlineData(""" "{\"a\": 1}" """, """{"a": 1}""", null)]
    [InlineData("\"\\\"{\\\\\\\"a\\\\\\\": 1}\\\"\"", """{"a": 1}""", null)]
    [InlineData("", "{}", null)]
    [InlineData(" \n", "{}", null)]
    [InlineData("null", "{}", null)]
    [InlineData("\"\"", "{}", null)]
    [InlineData("\"null\"", "{}", null)]
    [InlineData("[]", null, "The arguments of the call are no JSON object.")]
    [InlineData("a=1", null, "The arguments of the call are no JSON object.")]
    [InlineData("{\"a\": NaN}", null, "The arguments of the call have NaN, which JSON does not have.")]
    [InlineData("{\"a\":\n -Infinity}", null, "The arguments of the call have -Infinity, which JSON does not have.")]
    public void Arguments_come_in_many_forms(string written, string? arguments, string? mistake)
    {
        var read = ToolArguments.Read(written, out var said);
        said.ShouldBe(mistake);
        if (arguments is not null) read.GetRawText().ShouldBe(arguments);
    }

    [Fact]
    public void Arguments_nested_too_deep_are_one_clear_observation()
    {
        var deep = $"{{\"a\":{new string('[', 70)}{new string(']', 70)}}}";
        var call = Read($$"""{"tool_calls":[{"name":"f","arguments":{{deep}}}]}""").ReadCalls().ShouldHaveSingleItem();
        _ = ToolArguments.Read(call.Arguments, out var mistake);
        mistake.ShouldBe("The arguments of the call are nested more than 64 levels deep.");
    }

    [Fact]
    public void A_short_template_that_becomes_long_is_refused_before_it_is_built()
    {
        var bomb = string.Concat(Enumerable.Repeat("{{rules}}", 30_000));
        var parameters = CreateParameters.Read(Encoding.UTF8.GetBytes($$"""{"prompt_template":"{{bomb}}"}"""));
        var slots = new Dictionary<string, string> { ["rules"] = new('x', 1000) };

        Should.Throw<EnvironmentRejectedException>(() => parameters.Fill("", "", slots)).Message.ShouldContain("longer than 1048576 characters");
    }

    private static AgentMessage Read(string message) => AgentMessage.Read(Encoding.UTF8.GetBytes(message));
}
