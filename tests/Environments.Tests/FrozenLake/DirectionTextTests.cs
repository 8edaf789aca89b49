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
    [InlineData("<action>left, then up</action>", "up")]
    [InlineData("right", "right")]
    [InlineData("I went left before, so now I go Right!", "right")]
    [InlineData("left\nright\n", "right")]
    [InlineData("<action>down", "down")]
    [InlineData("{\"direction\":\"up\"}", "up")]
    [InlineData("<answer>Down || Right</answer>", "down right")]
    [InlineData("<answer>down||RIGHT||  up</answer>", "down right up")]
    [InlineData("<answer>Up</answer> as I said", "up")]
    [InlineData("<answer>1 || 2 || 3 || 4</answer>", "left down right up")]
    [InlineData("<answer>3 (right)</answer>", "right")]
    [InlineData("<action>4.</action>", "up")]
    [InlineData("<action>left || up</action>", "left up")]
    [InlineData("<answer>left</answer> no: <action>up</action>", "up")]
    [InlineData("<action>left</action> no: <answer>up</answer>", "up")]
    [InlineData("<answer>|| Down || || Right ||</answer>", "down right")]
    [InlineData("left || up", "up")]
    [InlineData("<answer>left || jump || up</answer>", "left ?jump")]
    [InlineData("<answer>0 || up</answer>", "?0")]
    [InlineData("<answer>12</answer>", "?12")]
    [InlineData("<answer>||</answer>", "")]
    [InlineData("", "")]
    [InlineData("3", "")]
    [InlineData("upright leftover 2down", "")]
    [InlineData("left <action>jump</action>", "?jump")]
    [InlineData("left <action></action>", "")]
    [InlineData("→", "")]
    public void The_moves_of_the_last_tag_count_in_their_order(string text, string moves)
    {
        var read = DirectionText.Read(text).Select(move => move.Direction?.Word() ?? $"?{move.Text.Trim()}");
        string.Join(' ', read).ShouldBe(moves);
    }

    [Fact]
    public void A_word_at_the_end_is_found_behind_any_text()
    {
        Gen.Select(Gen.String, Gen.OneOf<string>("left", "down", "right", "up")).Sample((text, word) => DirectionText.Read($"{text} {word}").Single().Direction?.Word() == word);
    }
}
