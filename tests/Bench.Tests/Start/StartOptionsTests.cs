using SandQueue.Bench.Start;

namespace SandQueue.Bench.Tests.Start;

public sealed class StartOptionsTests
{
    [Fact]
    public void Both_ways_are_started_three_times_from_what_is_built_if_nothing_is_said()
    {
        var options = StartOptions.Parse([]);

        (options.Seconds, options.WarmUp, options.Repeats, options.Published).ShouldBe((10, 30, 3, null));
        (options.Variables.Count, options.Only.Count).ShouldBe((0, 0));
    }

    [Fact]
    public void Variables_of_the_runtime_are_read()
    {
        var options = StartOptions.Parse(["--quick", "--only", "farm", "--variables", "DOTNET_TieredPGO=0,DOTNET_ReadyToRun=1"]);

        options.Variables.ShouldBe(new Dictionary<string, string> { ["DOTNET_TieredPGO"] = "0", ["DOTNET_ReadyToRun"] = "1" });
        (options.Seconds, options.Repeats).ShouldBe((2, 1));
        options.Only.ShouldBe(["farm"]);
    }

    [Theory]
    [InlineData("'PATH=/' is no variable of .NET", "--variables", "PATH=/")]
    [InlineData("there is no way to start 'frm'", "--only", "frm")]
    [InlineData("--warm-up has to be 1 or more", "--warm-up", "0")]
    public void What_is_wrong_is_said(string message, params string[] args) => Should.Throw<ArgumentException>(() => StartOptions.Parse(args)).Message.ShouldStartWith(message);
}
