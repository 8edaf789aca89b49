using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SandQueue.Hosting.Logging;

namespace SandQueue.Hosting.Tests.Logging;

/// <summary>Entries of the log, whatever is in them.</summary>
public sealed class OneLineFormatterTests
{
    [Fact]
    public void An_entry_is_a_line() =>
        Write("all is well").ShouldMatch(@"^\d\d:\d\d:\d\d warn: SandQueue\.Here\[7\] all is well\n$");

    [Theory]
    [InlineData("a\nb")]
    [InlineData("a\r\n12:00:00 fail: forged")]
    [InlineData("\u001b[31mred")]
    [InlineData("a\u2028b")]
    public void Nothing_in_it_makes_another_line_or_a_colour(string message)
    {
        var line = Write(message);
        line.Count(letter => letter == '\n').ShouldBe(1);
        line.TrimEnd('\n').ShouldNotContain('\u001b');
        line.ShouldNotContain('\u2028');
    }

    [Fact]
    public void It_has_a_limit() => Write(new string('x', 1 << 20)).Length.ShouldBeLessThanOrEqualTo(1501);

    [Fact]
    public void A_failure_is_told_by_its_reasons_and_its_place()
    {
        var line = Write("it failed", Thrown());
        line.ShouldContain("it failed (InvalidOperationException: cannot go on <- ArgumentException: no such lake, in SandQueue.Hosting.Tests.Logging.OneLineFormatterTests.Thrown");
        line.ShouldNotContain("   at ");
        line.Count(letter => letter == '\n').ShouldBe(1);
    }

    [Fact]
    public void What_belongs_to_a_trace_says_to_which()
    {
        using var request = new Activity("request").Start();
        Write("all is well").ShouldContain($"SandQueue.Here[7] trace={request.TraceId} all is well");
    }

    private static InvalidOperationException Thrown()
    {
        try
        {
            throw new InvalidOperationException("cannot go on", new ArgumentException("no such lake"));
        }
        catch (InvalidOperationException exception)
        {
            return exception;
        }
    }

    private static string Write(string message, Exception? failure = null)
    {
        var text = new StringWriter { NewLine = "\n" };
        new OneLineFormatter(TimeProvider.System).Write(new LogEntry<string>(LogLevel.Warning, "SandQueue.Here", new EventId(7), message, failure, (state, _) => state), scopeProvider: null, text);
        return text.ToString();
    }
}
