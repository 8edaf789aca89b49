using CsCheck;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Abstractions.Messages;

namespace SandQueue.Environments.Abstractions.Tests.Messages;

public sealed class FirstToolCallTests
{
    [Fact]
    public void The_argument_is_read()
    {
        Read("move", """{"other":1,"direction":"left"}""").ShouldBe(("left", null));
    }

    [Fact]
    public void Another_name_is_told_the_right_one()
    {
        Read("walk", "{}").ShouldBe((null, "There is no tool \"walk\"; the tool is move."));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("""{"direction":7}""")]
    [InlineData("""{"direction":null}""")]
    [InlineData("""{"Direction":"left"}""")]
    public void A_missing_argument_is_named(string arguments)
    {
        Read("move", arguments).ShouldBe((null, "The tool move needs the argument \"direction\", a string."));
    }

    [Theory]
    [InlineData("[]", "Your message cannot be read: the arguments must be an object of parameter names and values, not an array.")]
    [InlineData("7", "Your message cannot be read: the arguments must be an object of parameter names and values, not 7.")]
    [InlineData("left", "Your message cannot be read: the arguments are not JSON: it breaks at line 1, byte 1.")]
    [InlineData("{\"direction\":\"left\"", "Your message cannot be read: the arguments are not JSON: it breaks at line 1, byte 20.")]
    [InlineData("{\"direction\":\"le\nft\"}", "Your message cannot be read: the arguments are not JSON: it breaks at line 1, byte 17.")]
    public void A_call_that_cannot_be_read_says_why(string arguments, string problem) => Read("move", arguments).ShouldBe((null, problem));

    [Fact]
    public void No_arguments_throw()
    {
        var piece = Gen.OneOf<string>(Gen.String, Gen.OneOf<string>("{", "}", "\"direction\"", ":", "\"\ud800\"", "\"\\ud800\"", "[", "1"));
        piece.List[0, 8].Sample(pieces =>
        {
            var (argument, problem) = Read("move", string.Concat(pieces));
            return argument is null != problem is null;
        });
    }

    [Fact]
    public void Deep_nesting_is_said_to_be_so()
    {
        Read("move", new string('[', 1_000_000)).Problem.ShouldBe("Your message cannot be read: the arguments are nested more than 64 levels deep.");
    }

    [Fact]
    public void Every_call_gets_an_answer_and_only_the_first_the_observation()
    {
        FirstToolCall.Answers([new NativeToolCall("a", "move", "{}"), new NativeToolCall("b", "jump", "{}")], "seen").ShouldBe(
        [
            new ToolMessage("a", "move", "seen"),
            new ToolMessage("b", "jump", "Not carried out: one call a turn."),
        ]);
    }

    private static (string? Argument, string? Problem) Read(string name, string arguments) =>
        FirstToolCall.Read(AgentCall.Read(new NativeToolCall("call_0", name, arguments)), "move", "direction");
}
