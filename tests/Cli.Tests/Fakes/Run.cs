using SandQueue.Cli.Calls;
using SandQueue.Cli.Screens;
using Spectre.Console.Testing;

namespace SandQueue.Cli.Tests.Fakes;

/// <summary>Runs a command inside of the test.</summary>
internal static class Run
{
    /// <param name="gateway">The gateway; null for none.</param>
    /// <param name="words">The command line.</param>
    /// <param name="input">What is read.</param>
    /// <param name="isTerminal">Whether somebody looks.</param>
    /// <param name="variables">Of the environment.</param>
    /// <param name="cancellationToken">Ctrl-C.</param>
    /// <param name="width">The terminal's columns.</param>
    public static async Task<(int Code, string Output, string Errors)> Async(
        FakeGateway? gateway, string[] words, string input = "", bool isTerminal = false, Dictionary<string, string>? variables = null, CancellationToken? cancellationToken = null, int width = 140)
    {
        using var console = new TestConsole();
        console.Profile.Width = width;
        using StringWriter output = new(), errors = new();
        var screen = new Screen(isTerminal ? console.Profile.Out.Writer : output, errors, isTerminal, console);
        var around = new Surroundings(screen, new StringReader(input), IsInputTerminal: false, name => variables?.GetValueOrDefault(name), TimeProvider.System);
        string[] address = gateway is null ? [] : ["--url", gateway.Url];
        var code = await CommandLine.RunAsync([.. words, .. address], around, output, cancellationToken ?? TestContext.Current.CancellationToken);
        return (code, isTerminal ? console.Output : output.ToString(), errors.ToString());
    }
}
