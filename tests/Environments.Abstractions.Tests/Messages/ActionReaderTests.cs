using System.Text;
using System.Text.Json;
using CsCheck;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Abstractions.Messages;

namespace SandQueue.Environments.Abstractions.Tests.Messages;

public sealed class ActionReaderTests
{
    [Theory]
    [InlineData("""{"role":"assistant","content":"hello"}""", "hello")]
    [InlineData("""{"content":""}""", "")]
    [InlineData("""{"content":"x","tool_calls":null}""", "x")]
    [InlineData("""{"content":"x","tool_calls":[]}""", "x")]
    [InlineData("""{"\ud800abcdefghijklmnop":1,"content":"x"}""", "x")]
    [InlineData("""{"role":"assistant"}""", "")]
    [InlineData("""{"role":"assistant","content":null}""", "")]
    [InlineData("""{"content":null,"tool_calls":[]}""", "")]
    [InlineData("""{"content":null,"reasoning_content":"so it is","refusal":null}""", "")]
    [InlineData("""{"content":[]}""", "")]
    [InlineData("""{"content":[{"type":"text","text":"one, "},{"type":"image_url","image_url":{"url":"x"}},{"type":"text","text":"two"}]}""", "one, two")]
    [InlineData("""{"content":[{"type":"output_text","text":"a"},{"text":"b"},"c",{"type":"refusal","refusal":"no"},{"type":"thinking","text":"no"},null,7]}""", "abc")]
    [InlineData("""{"content":[{"type":"text","text":null},{"type":"text"},{"type":7,"text":"no"}]}""", "")]
    [InlineData("""{"content":{"type":"text","text":"x"}}""", "x")]
    [InlineData("""{"content":3}""", "3")]
    [InlineData("""{"content":true}""", "true")]
    [InlineData("""{"content":"x","tool_calls":""}""", "x")]
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
              {"function":{"name":"k\ud800","arguments":"not json \ud800"}},
              {"id":"b","type":"tool","name":"l","arguments":"{}"},
              {"id":-1.50,"type":"function","name":"m"},
              {"id":{},"function":null,"name":"n","arguments":""}]}
            """);

        action.Content.ShouldBe("");
        action.ToolCalls.ShouldBe(
        [
            new NativeToolCall("a", "f", "{\"x\": 1.0}"),
            new NativeToolCall("call_1", "g", "{ \"y\" : [ 2 ] }"),
            new NativeToolCall("call_2", "h", "{}"),
            new NativeToolCall("7", "", "{}"),
            new NativeToolCall("call_4", "k\ud800", "not json \ud800"),
            new NativeToolCall("b", "l", "{}"),
            new NativeToolCall("-1.50", "m", "{}"),
            new NativeToolCall("call_7", "n", ""),
        ]);
    }

    [Theory]
    [InlineData("{}", "a step needs the assistant's message")]
    [InlineData("[]", "a step needs the assistant's message")]
    public void What_is_no_message_is_the_callers_mistake_in_one_line(string message, string said)
    {
        var mistake = Should.Throw<InvalidRequestException>(() => Read(message)).Message;
        mistake.ShouldContain(said);
        mistake.ShouldNotContain("\n");
    }

    [Theory]
    [InlineData("3", "call_0", "tool_calls must be a list of calls, not 3")]
    [InlineData("\"f()\"", "call_0", "tool_calls must be a list of calls, not \"f()\"")]
    [InlineData("{}", "call_0", "the call has no function name")]
    [InlineData("[1]", "call_0", "a call is an object, not 1")]
    [InlineData("[null]", "call_0", "a call is an object, not null")]
    [InlineData("""[{"id":"a","function":"f"}]""", "a", "the call has no function name")]
    [InlineData("""[{"id":"a","function":{"name":null}}]""", "a", "the call has no function name")]
    [InlineData("""[{"id":"a","name":7}]""", "a", "\"name\" must be the name of a function, not 7")]
    public void What_is_no_call_is_the_agents_mistake_and_is_answered_by_its_id(string calls, string id, string mistake)
    {
        var call = Read($$"""{"tool_calls":{{calls}} }""").ToolCalls.ShouldHaveSingleItem();
        call.Id.ShouldBe(id);
        call.Mistake.ShouldNotBeNull().ShouldStartWith(mistake);
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
