using SandQueue.Cli.Wording;

namespace SandQueue.Cli.Tests.Wording;

public sealed class SafeTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("\u001b[31mred\u001b[0m", "␛[31mred␛[0m")]
    [InlineData("a\r\nb\tc", "a  b c")]
    [InlineData("bell\u0007 del\u007f c1\u009b", "bell␇ del␡ c1�")]
    [InlineData("turned\u202Etxet", "turned�txet")]
    [InlineData("größer 你好 👩‍🚀", "größer 你好 👩‍🚀")]
    public void A_line_holds_nothing_that_a_terminal_obeys(string text, string shown) => SafeText.Line(text).ShouldBe(shown);

    [Fact]
    public void Lines_keep_their_ends_and_tabs() => SafeText.Lines("a\r\nb\tc\rd\u001b]0;title\u0007").ShouldBe("a\nb\tc␍d␛]0;title␇");

    /// <summary>Not in the list above: what an attribute holds is stored as UTF-8, which has no halves.</summary>
    [Fact]
    public void Half_a_character_is_shown_as_none() => SafeText.Line("half " + (char)0xd83d).ShouldBe("half \uFFFD");

    [Fact]
    public void A_long_line_is_cut() => SafeText.Line(new string('a', 100), 10).ShouldBe("aaaaaaaaa…");
}
