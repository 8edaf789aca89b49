using System.Text;
using System.Text.Json;
using CsCheck;
using SandQueue.Environments.Episodes;
using SandQueue.Environments.Serving;

namespace SandQueue.Environments.Tests.Serving;

public sealed class ActionReaderTests
{
    [Theory]
    [InlineData("""{"role":"assistant","content":"hello"}""", "hello")]
    [InlineData("""{"content":""}""", "")]
    [InlineData("""{"content":"x","tool_calls":null}""", "x")]
    [InlineData("""{"content":"x","tool_calls":[]}""", "x")]
    [InlineData("""{"\ud800abcdefghijklmnop":1,"content":"x"}""", "x")]
    public void Text_alone_is_an_action(string message, string content)
    {
        var action = Read(message);
        action.Content.ShouldBe(content);
        action.ToolCalls.ShouldBeEmpty();
    }

    [Fact]
    public void Odd_text_is_kept() => Read("""{"content":"a\ud800b\u0000"}""").Content.ShouldBe("a\ud800b\0");

    [Fact]
    public void Native_calls_are_read_in_order_with_arguments_as_they_were_written()
    {
        var action = Read("""
            {"content":null,"tool_calls":[
              {"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\": 1.0}"}},
              {"function":{"name":"g","arguments":{ "y" : [ 2 ] } }},
              {"id":null,"function":{"name":"h"}},
              {"id":7,"function":{"name":"","arguments":null}},
              {"function":{"name":"k\ud800","arguments":"not json \ud800"}}]}
            """);

        action.Content.ShouldBe("");
        action.ToolCalls.ShouldBe(
        [
            new NativeToolCall("a", "f", "{\"x\": 1.0}"),
            new NativeToolCall("call_1", "g", "{ \"y\" : [ 2 ] }"),
            new NativeToolCall("call_2", "h", "{}"),
            new NativeToolCall("call_3", "", "{}"),
            new NativeToolCall("call_4", "k\ud800", "not json \ud800"),
        ]);
    }

    [Theory]
    [InlineData("{}", "a step needs the assistant's message")]
    [InlineData("[]", "a step needs the assistant's message")]
    [InlineData("""{"role":"assistant"}""", "neither content nor tool_calls")]
    [InlineData("""{"content":null,"tool_calls":[]}""", "neither content nor tool_calls")]
    [InlineData("""{"content":[{"type":"text","text":"x"}]}""", "content must be a string, not an array")]
    [InlineData("""{"content":3}""", "content must be a string, not 3")]
    [InlineData("""{"content":"x","tool_calls":{}}""", "tool_calls must be an array, not an object")]
    [InlineData("""{"tool_calls":[1]}""", "tool_calls[0] must be")]
    [InlineData("""{"tool_calls":[{"function":{"name":"f"}},{"function":"f"}]}""", "tool_calls[1] must be")]
    [InlineData("""{"tool_calls":[{"function":{"name":null}}]}""", "tool_calls[0] must be")]
    [InlineData("""{"tool_calls":[{"name":"f","arguments":"{}"}]}""", "tool_calls[0] must be")]
    public void What_is_no_message_is_the_callers_mistake_in_one_line(string message, string said)
    {
        var mistake = Should.Throw<InvalidRequestException>(() => Read(message)).Message;
        mistake.ShouldContain(said);
        mistake.ShouldNotContain("\n");
    }

    [Fact]
    public void No_message_at_all_is_the_callers_mistake() => Should.Throw<InvalidRequestException>(() => ActionReader.Read(default));

    [Fact]
    public void Whatever_JSON_there_is_it_is_read_or_it_is_the_callers_mistake()
    {
        var name = Gen.OneOf("content", "tool_calls", "function", "name", "id", "arguments", "\\ud800abcdefghijklmnopqrstuvwxyz", "\\u0063ontent", "");
        var leaf = Gen.OneOf("null", "true", "1e999", "\"\"", "\"text\"", "\"\\ud800\"", "\"{}\"", "{}", "[]");
        var value = Gen.Recursive<string>((depth, inner) => depth > 4
            ? leaf
            : Gen.OneOf(
                leaf,
                inner.List[0, 3].Select(items => $"[{string.Join(',', items)}]"),
                Gen.Select(name, inner).List[0, 4].Select(members => $"{{{string.Join(',', members.Select(member => $"\"{member.Item1}\":{member.Item2}"))}}}")));
        value.Sample(json =>
        {
            try
            {
                var action = Read(json);
                return action.ToolCalls.All(call => call.Id is not null && call.Arguments is not null);
            }
            catch (InvalidRequestException mistake)
            {
                return mistake.Message.Length is > 0 and < 400;
            }
        });
    }

    [Fact]
    public void A_hundred_thousand_calls_are_read()
    {
        var calls = string.Join(',', Enumerable.Repeat("""{"function":{"name":"f","arguments":"{}"}}""", 100_000));
        var action = Read($$"""{"tool_calls":[{{calls}}]}""");
        action.ToolCalls.Count.ShouldBe(100_000);
        action.ToolCalls[^1].Id.ShouldBe("call_99999");
    }

    [Fact]
    public void Megabytes_of_text_are_read()
    {
        var text = new string('x', 20 << 20);
        Read($$"""{"content":"{{text}}"}""").Content.Length.ShouldBe(text.Length);
    }

    private static AgentAction Read(string message) => ActionReader.Read(JsonElement.Parse(Encoding.UTF8.GetBytes(message)));
}
