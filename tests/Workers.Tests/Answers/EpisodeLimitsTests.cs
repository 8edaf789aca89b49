using System.Text;
using CsCheck;
using SandQueue.Hosting.Settings;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;
using static SandQueue.Workers.Tests.Answers.AnswerBytes;

namespace SandQueue.Workers.Tests.Answers;

public sealed class EpisodeLimitsTests
{
    [Theory]
    [InlineData("", null)]
    [InlineData("{}", null)]
    [InlineData("""{"max_steps":null}""", null)]
    [InlineData("""{"max_steps":1}""", 1)]
    [InlineData("""{"seed":3,"max_steps":2147483647}""", int.MaxValue)]
    public void A_limit_is_read(string parameters, int? maxSteps) => EpisodeLimits.Read(Utf8(parameters)).MaxSteps.ShouldBe(maxSteps);

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("2147483648")]
    [InlineData("\"3\"")]
    [InlineData("true")]
    [InlineData("[3]")]
    public void A_wrong_limit_is_refused_by_name(string value)
    {
        Should.Throw<EnvironmentRejectedException>(() => EpisodeLimits.Read(Utf8($$"""{"max_steps":{{value}}}"""))).Message.ShouldContain("params.max_steps");
    }

    [Fact]
    public void Whatever_came_over_the_queue_is_read_or_refused()
    {
        var piece = Gen.OneOf("{", "}", "[", "]", ":", ",", "\"max_steps\"", "\"\\ud800abcdefghij\"", "1", "null", " ", "\0", "\"");
        piece.List[0, 12].Select(string.Concat).Sample(text =>
        {
            try
            {
                EpisodeLimits.Read(Encoding.UTF8.GetBytes(text));
            }
            catch (EnvironmentRejectedException exception)
            {
                return exception.Message.Length > 0;
            }

            return true;
        });
    }
}
