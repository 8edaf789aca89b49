using System.Text;
using System.Text.Json;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Tools;

namespace SandQueue.Gateway.Tests.Tools;

public sealed class ToolCallActionTests
{
    private static readonly OfferedTools Lake = OfferedTools.Of("""{"info":{"tools":[{"name":"move"}]}}"""u8.ToArray());

    [Theory]
    [InlineData("""{"direction": "dówn", "n": 1.0}""", """{"direction": "dówn", "n": 1.0}""")]
    [InlineData("""{"direction":"\ud800"}""", """{"direction":"\ud800"}""")]
    [InlineData("\"{}\"", "\"{}\"")]
    [InlineData("null", "null")]
    public void A_call_has_its_arguments_to_the_byte(string arguments, string passed) =>
        Written("call_1", "move", JsonElement.Parse(arguments)).ShouldBe($$$"""{"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"move","arguments":{{{passed}}}}}]}""");

    [Fact]
    public void A_call_without_arguments_has_none_and_a_name_that_nothing_has_is_the_environments_to_judge() =>
        Written("1", "no \"such\" tool", default).ShouldBe("""{"role":"assistant","content":null,"tool_calls":[{"id":"1","type":"function","function":{"name":"no \"such\" tool","arguments":{}}}]}""");

    [Theory]
    [InlineData("""{"content":"<action>down</action>"}""", "\"<action>down</action>\"")]
    [InlineData("""{"content":"half \ud83d of a sign"}""", "\"half \\ud83d of a sign\"")]
    [InlineData("""{"content":""}""", "\"\"")]
    public void A_plain_message_is_passed_on_to_the_byte(string arguments, string content) =>
        Written("1", "send_message", JsonElement.Parse(arguments)).ShouldBe($$"""{"role":"assistant","content":{{content}}}""");

    [Theory]
    [InlineData("{}", "send_message needs content, the text of the message")]
    [InlineData("""{"content":null}""", "send_message needs content, the text of the message")]
    [InlineData("""{"content":3}""", "content must be a string, not 3")]
    [InlineData("""{"content":"a","to":"b"}""", "send_message takes content and nothing else, not 'to'")]
    [InlineData("[]", "send_message takes an object, not an array")]
    [InlineData("""{"content":"a","\ud800":"a"}""", "a member's name is not valid text")]
    public void A_plain_message_that_is_none_is_the_callers_mistake(string arguments, string said) =>
        Should.Throw<BadRequestException>(() => Written("1", "send_message", JsonElement.Parse(arguments))).Message.ShouldBe(said);

    [Fact]
    public void A_tool_of_the_environment_is_called_whatever_its_name()
    {
        var tools = OfferedTools.Of("""{"info":{"tools":[{"name":"send_message"}]}}"""u8.ToArray());

        Encoding.UTF8.GetString(ToolCallAction.Of(tools, "1", "send_message", JsonElement.Parse("""{"to":"b"}"""))).ShouldContain("\"tool_calls\"");
    }

    private static string Written(string id, string name, JsonElement arguments) => Encoding.UTF8.GetString(ToolCallAction.Of(Lake, id, name, arguments));
}
