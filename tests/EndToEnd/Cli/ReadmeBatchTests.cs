using System.Text.RegularExpressions;
using SandQueue.ModelServers;
using SandQueue.Testing;

namespace SandQueue.EndToEnd.Cli;

/// <summary>The README's batch against a model endpoint, by the words that stand there, against an endpoint of our own.</summary>
public sealed partial class ReadmeBatchTests(SharedProgram program)
{
    private const string Begin = "dotnet run --project src/Cli -- ";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Its_commands_play_the_batch_and_write_the_report()
    {
        await using var model = await ModelServer.StartAsync(call => ModelReply.Say(call.Turn % 2 == 0 ? "<action>down</action>" : "<action>right</action>"));
        using var folder = new TemporaryFolder();
        var (cli, page) = (new Sandqueue(program.Caller.Address), folder.File("report.html"));
        var commands = (await File.ReadAllLinesAsync(Path.Combine(Repository.Root, "README.md"), Cancel)).Where(line => line.StartsWith(Begin, StringComparison.Ordinal)).ToList();
        commands.Count.ShouldBe(2, "beside the start of the gateway");

        foreach (var command in commands)
        {
            var words = BaseUrl().Replace(command[Begin.Length..], $"--base-url {model.Address}").Replace("report.html", page, StringComparison.Ordinal);
            await cli.LinesAsync(words.Split(' '));
        }

        model.Calls.ShouldNotBeEmpty();
        (await File.ReadAllTextAsync(page, Cancel)).ShouldContain("80");
    }

    [GeneratedRegex("--base-url [^ ]+")]
    private static partial Regex BaseUrl();
}
