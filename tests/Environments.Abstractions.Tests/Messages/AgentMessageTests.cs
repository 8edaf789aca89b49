using CsCheck;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Abstractions.Messages;

namespace SandQueue.Environments.Abstractions.Tests.Messages;

public sealed class AgentMessageTests
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
    [InlineData("{\"name\": \"f\", \"arguments\": \"\"}", "f{}")]
    [InlineData("{\"name\": \"f\", \"arguments\": \" \\n\"}", "f{}")]
    [InlineData("{\"name\": \"f\", \"arguments\": \"\\\"{}\\\"\"}", "f{}")]
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
    [InlineData("<think>a</think> <tool_call>{\"name\": \"no\", \"arguments\": {}}</tool_call> </think>")]
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

    [Theory]
    [InlineData("None of these functions fits, so there is no <tool_call> to make.")]
    [InlineData("I could write <tool_call>")]
    [InlineData("<tool_call>\n<tool_call> name </think")]
    public void A_tag_that_neither_JSON_nor_a_closing_tag_follows_is_prose(string text)
    {
        Read(text).ShouldBeEmpty();
        Text(text).ShouldBe(text);
    }

    [Fact]
    public void Calls_after_prose_about_calls_are_taken()
    {
        Read("With a <tool_call> I do it: <tool_call>{\"name\": \"f\", \"arguments\": {}}</tool_call> That was the <tool_call>.").ShouldBe(["f{}"]);
    }

    [Fact]
    public void A_missing_closing_tag_hides_no_call()
    {
        Read("<tool_call>{\"name\": \"f\", \"arguments\": {}}\n<tool_call>{\"name\": \"g\", \"arguments\": {}}").ShouldBe(["f{}", "g{}"]);
        Read("<tool_call>{\"name\": <tool_call>{\"name\": \"g\", \"arguments\": {}}").Last().ShouldBe("g{}");
    }

    [Theory]
    [InlineData("<think>left, or</think> right", " right")]
    [InlineData("left</think> no, up</think> right", " right")]
    [InlineData("down <think>or left", "down ")]
    [InlineData("<think>a</think> down <think>or left", " down ")]
    [InlineData("\ud800<tool_call>é😀\udc00 <think> x", "\ud800<tool_call>é😀\udc00 ")]
    public void Text_is_what_remains_without_thoughts(string content, string text) => Text(content).ShouldBe(text);

    [Fact]
    public void More_than_sixty_four_levels_are_one_clear_mistake()
    {
        foreach (var depth in new[] { 65, 1_000, 100_000 })
        {
            var arguments = $"{{\"a\": {new string('[', depth)}{new string(']', depth)}}}";
            const string Mistake = "nested more than 64 levels deep";
            Calls(new AgentAction("", [new NativeToolCall("1", "f", arguments)])).ShouldHaveSingleItem().Mistake.ShouldBe($"the arguments are {Mistake}");
            Read($"<tool_call>{{\"name\": \"f\", \"arguments\": {arguments}}}</tool_call>").ShouldHaveSingleItem().ShouldStartWith($"!the block is {Mistake}");
        }

        Calls(new AgentAction("", [new NativeToolCall("1", "f", $"{{\"a\": {new string('[', 63)}{new string(']', 63)}}}")])).ShouldHaveSingleItem().Mistake.ShouldBeNull();
    }

    [Theory]
    [InlineData(1_000_001, 1, 1, 1, "the message has 1,000,009 characters, and 1,000,000 are the most")]
    [InlineData(0, 257, 1, 1, "the message has 257 calls, and 256 are the most")]
    [InlineData(0, 1, 1_001, 1, "the call has 1,001 arguments, and 1,000 are the most")]
    [InlineData(0, 1, 1, 1_001, "the name of an argument has 1,001 characters, and 1,000 are the most")]
    [InlineData(999_000, 1, 1, 1, null)]
    [InlineData(0, 256, 1, 1, null)]
    [InlineData(0, 1, 1_000, 1, null)]
    [InlineData(0, 1, 1, 1_000, null)]
    public void What_is_too_large_says_so(int text, int calls, int arguments, int name, string? mistake)
    {
        var members = string.Join(',', Enumerable.Range(0, arguments).Select(index => $"\"{new string('a', name - 1)}{(arguments == 1 ? "a" : index)}\":1"));
        var message = AgentMessage.Read(
            new AgentAction(new string('x', text), [.. Enumerable.Range(0, calls).Select(index => new NativeToolCall($"{index}", "f", $"{{{members}}}"))]),
            TestContext.Current.CancellationToken);
        message.Calls[0].Mistake.ShouldBe(mistake);
        message.IsTooLarge.ShouldBe(text > 999_999 || calls > 256);
    }

    [Fact]
    public void Too_many_blocks_and_too_long_names_say_so()
    {
        const string Block = "<tool_call>{\"name\": \"f\", \"arguments\": {}}</tool_call>";
        Read(string.Concat(Enumerable.Repeat(Block, 256))).Count().ShouldBe(256);
        Read(string.Concat(Enumerable.Repeat(Block, 257))).ShouldBe(["!the message has more than 256 calls"]);
        Read(Block.Replace("\"f\"", $"\"{new string('f', 1_001)}\"")).ShouldBe(["!the function's name has 1,001 characters, and 1,000 are the most"]);
    }

    [Fact]
    public void A_cancelled_request_ends_the_reading()
    {
        var cancelled = new CancellationToken(canceled: true);
        Should.Throw<OperationCanceledException>(() => AgentMessage.Read(new AgentAction("<tool_call>{}", []), cancelled));
        Should.Throw<OperationCanceledException>(() => AgentMessage.Read(new AgentAction("", [new NativeToolCall("1", "f", "{}")]), cancelled));
    }

    [Fact]
    public void Native_calls_count_alone()
    {
        var action = new AgentAction("<tool_call>{\"name\": \"g\", \"arguments\": {}}</tool_call>", [new NativeToolCall("1", "f", "{\"a\": 1}")]);
        Calls(action).Select(Show).ShouldBe(["f{\"a\": 1}"]);
    }

    [Theory]
    [InlineData("", "f{}")]
    [InlineData(" \n", "f{}")]
    [InlineData("\"\"", "f{}")]
    [InlineData("\"\\\"\\\"\"", "f{}")]
    [InlineData("\"null\"", "f{}")]
    [InlineData("\"\\\"{\\\\\\\"a\\\\\\\": 1}\\\"\"", "f{\"a\": 1}")]
    [InlineData("{\"a\": [1, NaN]}", "f!the arguments have NaN at line 1, byte 11, and JSON has no such number")]
    [InlineData("{\"a\":\n Infinity}", "f!the arguments have Infinity at line 2, byte 2, and JSON has no such number")]
    [InlineData("{\"a\": -Infinity}", "f!the arguments have -Infinity at line 1, byte 7, and JSON has no such number")]
    [InlineData("\"{\\\"a\\\": NaN}\"", "f!the arguments have NaN at line 1, byte 7, and JSON has no such number")]
    [InlineData("null", "f{}")]
    [InlineData("\"{\\\"a\\\": 1}\"", "f{\"a\": 1}")]
    [InlineData("{\"a\": ", "f!the arguments are not JSON: it breaks at line 1, byte ")]
    [InlineData("[]", "f!the arguments must be an object")]
    public void Native_arguments_are_read_as_kindly(string arguments, string call)
    {
        Show(Calls(new AgentAction("", [new NativeToolCall("1", "f", arguments)])).Single()).ShouldStartWith(call);
    }

    [Fact]
    public void No_text_makes_it_throw_and_every_call_has_arguments_or_a_mistake()
    {
        var piece = Gen.OneOf(
            Gen.String,
            Gen.OneOf("<tool_call>", "</tool_call>", "<think>", "</think>", "{\"name\":", "\"f\"", ",\"arguments\":", "{}", "}", "[", "\"\\ud800\"", "\ud800", "\0"));
        piece.Array[0, 30].Select(string.Concat).Sample(text =>
        {
            foreach (var call in Calls(new AgentAction(text, [])).Concat(Calls(new AgentAction("", [new NativeToolCall("1", text, text)]))))
            {
                (call.Arguments.ValueKind == System.Text.Json.JsonValueKind.Object).ShouldBe(call.Mistake is null);
            }
        });
    }

    private static IEnumerable<string> Read(string text) => Calls(new AgentAction(text, [])).Select(Show);

    private static IReadOnlyList<AgentCall> Calls(AgentAction action) => AgentMessage.Read(action, TestContext.Current.CancellationToken).Calls;

    private static string Text(string content) => AgentMessage.Read(new AgentAction(content, []), TestContext.Current.CancellationToken).Text;

    private static string Show(AgentCall call) => call.Mistake is null ? call.Name + call.Arguments.GetRawText() : $"{call.Name}!{call.Mistake}";
}
