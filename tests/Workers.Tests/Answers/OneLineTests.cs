using SandQueue.Contracts;
using SandQueue.Workers.Abstractions;

namespace SandQueue.Workers.Tests.Answers;

public sealed class OneLineTests
{
    [Theory]
    [InlineData("as it is, é 😀", "as it is, é 😀")]
    [InlineData("", "")]
    [InlineData("a\nb\r\nc\rd\te\u2028f\u0085g", "a b c d e f g")]
    [InlineData("\u001b[31mred\0\u007f", "\\u001b[31mred\\u0000\\u007f")]
    [InlineData("abc\u202Edef\u2066", "abc\\u202edef\\u2066")]
    public void It_is_one_line_that_a_terminal_shows_as_it_is(string text, string line) => OneLine.Of(text).ShouldBe(line);

    [Fact]
    public void Half_pairs_are_escaped() => OneLine.Of("half \ud800 and \udc00 pairs").ShouldBe("half \\ud800 and \\udc00 pairs");

    [Fact]
    public void It_has_at_most_1500_characters_and_cuts_no_pair()
    {
        OneLine.Of(new string('x', 3 << 20)).ShouldBe($"{new string('x', 1499)}…");
        OneLine.Of($"{new string('x', 1498)}😀😀").ShouldBe($"{new string('x', 1498)}…");
        OneLine.Of(new string('\u001b', 1000)).Length.ShouldBe(1500);
    }

    [Fact]
    public void What_was_printed_last_is_kept_of_an_output()
    {
        OneLine.OfEnd("first\nlast", 100).ShouldBe("first last");
        OneLine.OfEnd($"{new string('x', 5000)}\nTraceback\nValueError: no", 30).ShouldBe("…xxxx Traceback ValueError: no");
    }

    [Fact]
    public void Every_detail_of_an_environment_is_one()
    {
        var said = $"a\nb{new string('x', 3 << 20)}";
        foreach (var message in (string[])[new EnvironmentFailedException(said).Message, new EnvironmentRejectedException(said).Message, new ContainerException(said).Message])
        {
            message.ShouldStartWith("a bxx");
            message.Length.ShouldBe(1500);
        }
    }
}
