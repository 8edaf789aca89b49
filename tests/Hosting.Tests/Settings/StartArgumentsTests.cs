using SandQueue.Hosting.Settings;
using SandQueue.Hosting.Startup;

namespace SandQueue.Hosting.Tests.Settings;

/// <summary>A program's arguments.</summary>
public sealed class StartArgumentsTests
{
    private static readonly StartArguments Arguments = new(
        "How to.", new Dictionary<string, string> { ["--listen"] = "Gateway:Listen", ["--data"] = "Gateway:DataFolder" }, new Dictionary<string, Type> { ["Gateway"] = typeof(Options) });

    [Theory]
    [InlineData]
    [InlineData("--listen", "127.0.0.1:1")]
    [InlineData("--listen=127.0.0.1:1", "--data", "here")]
    [InlineData("--Gateway:Listen=127.0.0.1:1")]
    [InlineData("--Gateway:Listen", "127.0.0.1:1")]
    public void What_is_there_is_taken(params string[] args) => Should.NotThrow(() => Arguments.Require(args));

    [Theory]
    [InlineData("'--lisen' is no switch; did you mean --listen?", "--lisen", "127.0.0.1:1")]
    [InlineData("'--port' is no switch; known are --data, --help, --listen, --version", "--port", "80")]
    [InlineData("'serve' is no switch", "serve")]
    [InlineData("'--Gateway:Lsten' is no switch", "--Gateway:Lsten=1")]
    [InlineData("'-p' is no switch", "-p", "80")]
    [InlineData("'80' is no switch", "--listen", "127.0.0.1:1", "80")]
    [InlineData("--data needs a value", "--data")]
    [InlineData("--data needs a value", "--data", "--listen", "127.0.0.1:1")]
    public void What_is_none_is_refused(string said, params string[] args) => Should.Throw<StartupException>(() => Arguments.Require(args)).Message.ShouldStartWith(said);

    [Theory]
    [InlineData("How to.", "--help")]
    [InlineData("How to.", "-h")]
    [InlineData("How to.", "--data", "here", "--help")]
    [InlineData("SandQueue 1.2.3", "--version")]
    [InlineData(null, "--data", "here")]
    public void Help_and_version_are_printed(string? printed, params string[] args) => Arguments.Printed(args, "1.2.3").ShouldBe(printed);

    private sealed class Options
    {
        public string? Listen { get; init; }
    }
}
