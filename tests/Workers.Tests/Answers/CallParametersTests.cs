using System.Text;
using CsCheck;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;
using static SandQueue.Workers.Tests.Answers.AnswerBytes;

namespace SandQueue.Workers.Tests.Answers;

public sealed class CallParametersTests
{
    [Theory]
    [InlineData("", null)]
    [InlineData("{}", null)]
    [InlineData("""{"max_steps":null}""", null)]
    [InlineData("""{"max_steps":1}""", 1)]
    [InlineData("""{"seed":3,"max_steps":2147483647}""", int.MaxValue)]
    public void A_limit_is_read(string parameters, int? maxSteps) => CallParameters.OfCreate(Utf8(parameters)).MaxSteps.ShouldBe(maxSteps);

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
        Should.Throw<EnvironmentRejectedException>(() => CallParameters.OfCreate(Utf8($$"""{"max_steps":{{value}}}"""))).Message.ShouldContain("params.max_steps");
    }

    [Fact]
    public void Names_are_checked_where_they_are_known()
    {
        var parameters = Utf8("""{"level":2,"seed":5}""");
        CallParameters.OfCreate(parameters).Seed.ShouldBe(5);
        CallParameters.OfCreate(Request(parameters), new CreateParameter("level", ParameterType.Integer)).Integer("level").ShouldBe(2);
        CallParameters.CheckNames(parameters, "game", ["level"]);
        foreach (var refused in (Action[])[
            () => CallParameters.OfCreate(Request(parameters), new CreateParameter("levels", ParameterType.Integer)),
            () => CallParameters.CheckNames(parameters, "game", ["levels"])])
        {
            Should.Throw<EnvironmentRejectedException>(refused).Message.ShouldBe(
                "game takes no params.level (did you mean levels?); there is levels, max_steps, prompt_template, seed");
        }

        CallParameters.OfCreate(Request(parameters) with { IsReplay = true }, new CreateParameter("levels", ParameterType.Integer)).Seed.ShouldBe(5, "a recorded episode was made with them");
    }

    [Fact]
    public void A_short_template_that_becomes_long_is_refused_before_it_is_built()
    {
        var bomb = string.Concat(Enumerable.Repeat("{{rules}}", 30_000));
        var parameters = CallParameters.OfCreate(Utf8($$"""{"prompt_template":"{{bomb}}"}"""));
        var slots = new Dictionary<string, string> { ["rules"] = new('x', 1000) };

        Should.Throw<EnvironmentRejectedException>(() => parameters.Fill("", "", slots)).Message.ShouldContain("longer than 1048576 bytes");
    }

    [Fact]
    public void Whatever_came_over_the_queue_is_read_or_refused()
    {
        var piece = Gen.OneOf("{", "}", "[", "]", ":", ",", "\"max_steps\"", "\"sparse\"", "\"prompt_template\"", "\"\\ud800abcdefghij\"", "1", "null", " ", "\0", "\"");
        piece.List[0, 12].Select(string.Concat).Sample(text =>
        {
            foreach (var read in (Action<byte[]>[])[
                bytes => CallParameters.OfCreate(bytes),
                bytes => CallParameters.OfCreate(Request(bytes), new CreateParameter("reset", ParameterType.Object)),
                bytes => CallParameters.CheckNames(bytes, "game", ["level"]),
                bytes => CallParameters.IsSparse(bytes)])
            {
                try
                {
                    read(Encoding.UTF8.GetBytes(text));
                }
                catch (EnvironmentRejectedException exception)
                {
                    if (exception.Message.Length == 0) return false;
                }
            }

            return true;
        });
    }

    private static NewInstance Request(ReadOnlyMemory<byte> parameters) => new("game", "1", "e1", parameters);
}
