using CsCheck;
using SandQueue.Environments.Bfcl.Calls;
using SandQueue.Environments.Episodes;

namespace SandQueue.Environments.Tests.Bfcl.Calls;

public sealed class AgentCallsTests
{
    [Fact]
    public void A_message_without_a_block_has_no_calls()
    {
        Read("I cannot help. {\"name\": \"f\", \"arguments\": {}}").ShouldBeEmpty();
    }

    [Fact]
    public void Each_block_is_a_call_in_order()
    {
        Read("<tool_call>\n{\"name\": \"f\", \"arguments\": {\"a\": 1}}\n</tool_call> and <tool_call>{\"name\": \"g\", \"arguments\": {}}</tool_call>")
            .ShouldBe(["f{\"a\": 1}", "g{}"]);
    }

    [Theory]
    [InlineData("{\"name\": \"f\", \"arguments\": \"{\\\"a\\\": 1}\"}", "f{\"a\": 1}")]
    [InlineData("{\"name\": \"f\", \"arguments\": null}", "f{}")]
    [InlineData("[{\"name\": \"f\", \"arguments\": {}}]", "f{}")]
    [InlineData("{\"name\": \"f\", \"arguments\": {\"t\": \"</tool_call>\"}}", "f{\"t\": \"</tool_call>\"}")]
    public void Odd_but_clear_forms_are_taken(string content, string call)
    {
        Read($"<tool_call>{content}</tool_call>").ShouldBe([call]);
    }

    [Fact]
    public void A_list_in_one_block_is_several_calls()
    {
        Read("<tool_call>[{\"name\": \"f\", \"arguments\": {}}, {\"name\": \"g\", \"arguments\": {}}]</tool_call>").ShouldBe(["f{}", "g{}"]);
    }

    [Fact]
    public void A_block_that_the_server_cut_at_its_end_is_taken()
    {
        Read("<tool_call>{\"name\": \"f\", \"arguments\": {}}").ShouldBe(["f{}"]);
    }

    [Theory]
    [InlineData("<think>perhaps <tool_call>{\"name\": \"no\", \"arguments\": {}}</tool_call></think>")]
    [InlineData("the template opened it: <tool_call>{\"name\": \"no\", \"arguments\": {}}</tool_call></think>")]
    [InlineData("<think>a</think><think><tool_call>broken</tool_call></think>")]
    public void What_is_only_thought_is_not_done(string thought)
    {
        Read(thought + "<tool_call>{\"name\": \"f\", \"arguments\": {}}</tool_call>").ShouldBe(["f{}"]);
    }

    [Fact]
    public void A_thought_that_never_ends_does_nothing()
    {
        Read("<think>so <tool_call>{\"name\": \"f\", \"arguments\": {}}</tool_call>").ShouldBeEmpty();
    }

    [Fact]
    public void Think_tags_inside_an_argument_are_text()
    {
        Read("<tool_call>{\"name\": \"f\", \"arguments\": {\"t\": \"<think>\"}}</tool_call><tool_call>{\"name\": \"g\", \"arguments\": {}}</tool_call>")
            .ShouldBe(["f{\"t\": \"<think>\"}", "g{}"]);
    }

    [Theory]
    [InlineData("", "!the block does not hold JSON: nothing is there")]
    [InlineData("{\"name\": \"f\", ", "!the block does not hold JSON: it breaks at line 1, byte ")]
    [InlineData("{\"name\": \"f\", \"arguments\": {}} x", "!the block does not hold JSON: it ends before line 1, byte 32, where more text follows")]
    [InlineData("7", "!a call is an object, not 7")]
    [InlineData("[]", "!the block holds no call")]
    [InlineData("{\"arguments\": {}}", "!the call has no \"name\"")]
    [InlineData("{\"name\": 7, \"arguments\": {}}", "!\"name\" must be the name of a function, not 7")]
    [InlineData("{\"name\": \"f\"}", "f!the call has no \"arguments\"")]
    [InlineData("{\"name\": \"f\", \"arguments\": [1]}", "f!the arguments must be an object of parameter names and values, not an array")]
    [InlineData("{\"name\": \"f\", \"arguments\": \"a=1\"}", "f!the arguments must be an object of parameter names and values, not \"a=1\"")]
    public void A_mistake_is_told_in_words(string content, string mistake)
    {
        Read($"<tool_call>{content}</tool_call>").ShouldHaveSingleItem().ShouldStartWith(mistake);
    }

    [Fact]
    public void Native_calls_count_alone()
    {
        var action = new AgentAction("<tool_call>{\"name\": \"g\", \"arguments\": {}}</tool_call>", [new NativeToolCall("1", "f", "{\"a\": 1}")]);
        AgentCalls.Read(action).Select(Show).ShouldBe(["f{\"a\": 1}"]);
    }

    [Theory]
    [InlineData("", "f{}")]
    [InlineData("null", "f{}")]
    [InlineData("\"{\\\"a\\\": 1}\"", "f{\"a\": 1}")]
    [InlineData("{\"a\": ", "f!the arguments are not JSON: it breaks at line 1, byte ")]
    [InlineData("[]", "f!the arguments must be an object")]
    public void Native_arguments_are_read_as_kindly(string arguments, string call)
    {
        Show(AgentCalls.Read(new AgentAction("", [new NativeToolCall("1", "f", arguments)])).Single()).ShouldStartWith(call);
    }

    [Fact]
    public void No_text_makes_it_throw_and_every_call_has_arguments_or_a_mistake()
    {
        var piece = Gen.OneOf(
            Gen.String,
            Gen.OneOf("<tool_call>", "</tool_call>", "<think>", "</think>", "{\"name\":", "\"f\"", ",\"arguments\":", "{}", "}", "[", "\"\\ud800\"", "\ud800", "\0"));
        piece.Array[0, 30].Select(string.Concat).Sample(text =>
        {
            foreach (var call in AgentCalls.Read(new AgentAction(text, [])).Concat(AgentCalls.Read(new AgentAction("", [new NativeToolCall("1", text, text)]))))
            {
                (call.Arguments.ValueKind == System.Text.Json.JsonValueKind.Object).ShouldBe(call.Mistake is null);
            }
        });
    }

    private static IEnumerable<string> Read(string text) => AgentCalls.Read(new AgentAction(text, [])).Select(Show);

    private static string Show(AgentCall call) => call.Mistake is null ? call.Name + call.Arguments.GetRawText() : $"{call.Name}!{call.Mistake}";
}
