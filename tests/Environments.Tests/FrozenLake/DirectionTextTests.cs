using CsCheck;
using SandQueue.Environments.FrozenLake;

namespace SandQueue.Environments.Tests.FrozenLake;

public sealed class DirectionTextTests
{
    [Theory]
    [InlineData("<action>left</action>", "left")]
    [InlineData("<action> UP. </action>", "up")]
    [InlineData("<ACTION>Down</Action>", "down")]
    [InlineData("<action>move_right</action>", "right")]
    [InlineData("<think>not <action>left</action></think><action>right</action> then down", "right")]
    [InlineData("<action>left, then up</action>", "up")]
    [InlineData("right", "right")]
    [InlineData("I went left before, so now I go Right!", "right")]
    [InlineData("left\nright\n", "right")]
    [InlineData("<action>down", "down")]
    [InlineData("{\"direction\":\"up\"}", "up")]
    public void The_last_move_word_counts(string text, string word)
    {
        DirectionText.LastMove(text)?.Word().ShouldBe(word);
    }

    [Theory]
    [InlineData("")]
    [InlineData("upright leftover 2down")]
    [InlineData("left <action>jump</action>")]
    [InlineData("left <action></action>")]
    [InlineData("→")]
    public void Anything_else_is_no_move(string text)
    {
        DirectionText.LastMove(text).ShouldBeNull();
    }

    [Fact]
    public void A_word_at_the_end_is_found_behind_any_text()
    {
        Gen.Select(Gen.String, Gen.OneOf<string>("left", "down", "right", "up")).Sample((text, word) => DirectionText.LastMove($"{text} {word}")?.Word() == word);
    }
}
