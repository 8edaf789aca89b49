using SandQueue.Environments.Json;
using SandQueue.Environments.Serving;

namespace SandQueue.Environments.Tests.Serving;

public sealed class OneLineTests
{
    [Theory]
    [InlineData("two\nlines\tand a \0", "two lines and a  ")]
    [InlineData("", "")]
    public void Control_characters_become_blanks(string text, string line) => OneLine.Of(text).ShouldBe(line);

    [Fact]
    public void A_long_line_is_cut_between_characters()
    {
        OneLine.Of(new string('x', 1500)).ShouldBe(new string('x', 1500));
        OneLine.Of(new string('x', 1501)).ShouldBe($"{new string('x', 1499)}…");
        var cut = OneLine.Of($"{new string('x', 1498)}😀 and more");
        cut.ShouldBe($"{new string('x', 1498)}…");
        JsonText.IsWellFormed(cut).ShouldBeTrue();
    }
}
