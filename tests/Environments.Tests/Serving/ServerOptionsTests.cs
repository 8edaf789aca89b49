using SandQueue.Environments.Serving;

namespace SandQueue.Environments.Tests.Serving;

public sealed class ServerOptionsTests
{
    [Fact]
    public void All_of_it_is_read()
    {
        var options = ServerOptions.Parse(["--socket", "/tmp/e.sock", "--environment", "countdown", "--die-with-parent", "--environment", "frozenlake", "--longest-prompt", "4096"]);

        (options.Problem, options.Socket, options.DieWithParent, options.LongestPrompt).ShouldBe((null, "/tmp/e.sock", true, 4096));
        options.Environments.ShouldBe(["countdown", "frozenlake"]);
    }

    [Fact]
    public void A_port_will_do_instead_of_a_socket()
    {
        var options = ServerOptions.Parse(["--port", "8080"]);
        (options.Problem, options.Socket, options.Port, options.DieWithParent).ShouldBe((null, null, 8080, false));
        options.Environments.ShouldBeEmpty();
        options.LongestPrompt.ShouldBe(1 << 20);
    }

    [Fact]
    public void An_assembly_has_an_environment_of_any_name()
    {
        var options = ServerOptions.Parse(["--port", "80", "--environment", "mine", "--assembly", "/mine.dll", "--class", "Mine.Game"]);
        (options.Problem, options.Assembly, options.Class).ShouldBe((null, "/mine.dll", "Mine.Game"));
    }

    [Theory]
    [InlineData("usage:")]
    [InlineData("usage:", "--die-with-parent")]
    [InlineData("usage:", "--port", "0")]
    [InlineData("--socket needs a value", "--socket")]
    [InlineData("--environment needs a value", "--port", "80", "--environment")]
    [InlineData("'--port 70000' is not understood", "--port", "70000")]
    [InlineData("'--port http' is not understood", "--port", "http")]
    [InlineData("'--longest-prompt 0' is not understood", "--longest-prompt", "0")]
    [InlineData("'--longest-prompt 1MB' is not understood", "--longest-prompt", "1MB")]
    [InlineData("'--colour red' is not understood", "--colour", "red")]
    [InlineData("needed by one --environment", "--port", "80", "--assembly", "/mine.dll")]
    [InlineData("needed by one --environment", "--port", "80", "--assembly", "/mine.dll", "--environment", "a", "--environment", "b")]
    [InlineData("there is none", "--port", "80", "--class", "Mine.Game")]
    [InlineData("no environment 'nope'", "--port", "80", "--environment", "nope")]
    [InlineData("no environment 'Countdown'", "--port", "80", "--environment", "Countdown")]
    public void What_is_wrong_is_said_with_what_would_be_right(string said, params string[] args)
    {
        var problem = ServerOptions.Parse(args).Problem!;
        problem.ShouldContain(said);
        problem.ShouldNotContain("\n");
    }

    [Fact]
    public void An_unknown_environment_names_the_known_ones()
    {
        var problem = ServerOptions.Parse(["--port", "80", "--environment", "nope"]).Problem!;
        foreach (var name in BuiltInEnvironments.Names) problem.ShouldContain(name);
    }
}
