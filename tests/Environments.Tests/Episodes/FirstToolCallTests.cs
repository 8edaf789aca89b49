using CsCheck;
using SandQueue.Environments.Episodes;

namespace SandQueue.Environments.Tests.Episodes;

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
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("""{"direction":7}""")]
    [InlineData("""{"direction":null}""")]
    [InlineData("""{"Direction":"left"}""")]
    public void A_missing_argument_is_named(string arguments)
    {
        Read("move", arguments).ShouldBe((null, "The tool move needs the argument \"direction\", a string."));
    }

    [Theory]
    [InlineData("")]
    [InlineData("left")]
    [InlineData("{\"direction\":\"left\"")]
    [InlineData("{\"direction\":\"le\nft\"}")]
    public void Broken_json_is_said_to_be_so(string arguments)
    {
        var (argument, problem) = Read("move", arguments);
        argument.ShouldBeNull();
        problem.ShouldStartWith("The arguments of move are not valid JSON: ");
    }

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
    public void Deep_nesting_is_broken_json()
    {
        Read("move", new string('[', 1_000_000)).Problem.ShouldStartWith("The arguments of move are not valid JSON: ");
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
        FirstToolCall.Read(new NativeToolCall("call_0", name, arguments), "move", "direction");
}
