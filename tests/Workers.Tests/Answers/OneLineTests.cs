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
    public void An_output_is_cut_between_whole_characters()
    {
        // Of 30 characters the last 29 are kept, and before that the last 30 are read: both cuts meet the middle of a pair.
        var pairs = string.Concat(Enumerable.Repeat("😀", 40));
        OneLine.OfEnd(pairs, 30).ShouldBe($"…{pairs[..28]}");
        OneLine.OfEnd($"{pairs}x", 30).ShouldBe($"…{pairs[..28]}x");
        OneLine.Beginning(pairs, 29).ShouldBe(pairs[..28]);
        OneLine.Beginning(pairs, 28).ShouldBe(pairs[..28]);
    }

    [Fact]
    public void All_of_a_text_is_made_one_line()
    {
        var text = new string('x', 5000);
        OneLine.OfAll($"{text}\n\0\ud800").ShouldBe($"{text} \\u0000\\ud800");
    }

    [Fact]
    public void The_detail_of_every_reply_is_one()
    {
        var command = new DescribeInstance { CommandId = "c", Tenant = "a", RemainingMs = 1, InstanceId = "i" };
        CommandReply[] replies =
        [
            CommandReply.Rejected(command, CommandReason.Conflict, "a\ud800\0"),
            CommandReply.Expired(command, "a\ud800\0"),
            CommandReply.Cancelled(command, "a\ud800\0"),
            CommandReply.Failed(command, "a\ud800\0"),
        ];
        replies.ShouldAllBe(reply => reply.Detail == "a\\ud800\\u0000");
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
