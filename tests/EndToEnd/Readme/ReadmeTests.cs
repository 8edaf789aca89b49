using System.Diagnostics;
using System.Text.RegularExpressions;
using SandQueue.Programs;
using SandQueue.Testing;

namespace SandQueue.EndToEnd.Readme;

/// <summary>What the README and the pages like it say is run, and what they say is printed is printed.</summary>
public sealed partial class ReadmeTests
{
    private const string Address = "localhost:8080";

    /// <summary>How the page starts a command; the tests start what is built already.</summary>
    private const string Program = "dotnet run --project src/Gateway --";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private static string Root => Repository.Root;

    [Theory]
    [InlineData("README.md", 1)]
    [InlineData("docs/rest.md", 0)]
    [InlineData("docs/openenv.md", 0)]
    [InlineData("docs/ors.md", 0)]
    public async Task Whoever_follows_it_from_the_first_line_to_the_last_sees_what_it_shows(string page, int pythonPrograms)
    {
        Assert.SkipUnless(OnPath("python3"), "needs python3");
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Default);
        var blocks = ReadmeBlock.Read(Path.Combine(Root, page)).ToList();
        blocks.Count(block => block.Language == "sh").ShouldBeGreaterThan(5);
        blocks.Count(block => block.Language == "python").ShouldBe(pythonPrograms);
        foreach (var block in blocks.Where(block => block.Language == "python")) block.Code.Split('\n').Count(line => line.Length > 0).ShouldBeLessThanOrEqualTo(15);
        foreach (var block in blocks) await RunsAsync(program, page, block);
        await program.EndAsync();
    }

    [Fact]
    public async Task The_largest_catalogue_of_WebShop_that_it_tells_of_was_measured()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Root, "environments", "webshop", "README.md"), TestContext.Current.CancellationToken);
        var told = Regex.Match(page, @"catalogues\]\(#figures\) of up to ([0-9,]+) products").Groups[1].Value;
        Regex.Matches(page, @"(?m)^\| ([0-9,]+)[ |,]").Last().Groups[1].Value.TrimEnd(',').ShouldBe(told);
    }

    [Fact]
    public async Task The_environments_it_shows_at_the_start_are_the_ones_served()
    {
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Default);
        var readme = await File.ReadAllTextAsync(Path.Combine(Root, "README.md"), TestContext.Current.CancellationToken);
        var printed = program.Output[program.Output.IndexOf("Environments:", StringComparison.Ordinal)..program.Output.IndexOf("\n\nTry:", StringComparison.Ordinal)];
        readme.ShouldContain(printed, Case.Sensitive);
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("environments/README.md")]
    [InlineData("environments/appworld/README.md")]
    [InlineData("docs/architecture.md")]
    [InlineData("docs/dotnet.md")]
    [InlineData("docs/environments.md")]
    [InlineData("docs/farm.md")]
    [InlineData("docs/mcp.md")]
    [InlineData("docs/rest.md")]
    [InlineData("docs/openenv.md")]
    [InlineData("docs/ors.md")]
    [InlineData("docs/scaling.md")]
    public void Every_file_a_page_names_is_there(string page)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Root, page))!;
        var links = Links().Matches(File.ReadAllText(Path.Combine(Root, page))).Select(match => match.Groups[1].Value).ToList();
        links.ShouldNotBeEmpty();
        foreach (var link in links) (File.Exists(Path.Combine(folder, link)) || Directory.Exists(Path.Combine(folder, link))).ShouldBeTrue($"{page} names {link}");
    }

    private static async Task RunsAsync(RunningProgram program, string page, ReadmeBlock block)
    {
        var (interpreter, option) = block.Language == "python" ? ("python3", "-c") : ("bash", "-ec");
        var code = block.Code
            .Replace(Address, $"127.0.0.1:{program.Address.Port}", StringComparison.Ordinal)
            .Replace(Program, $"dotnet exec '{BuiltProgram.Library("Gateway")}'", StringComparison.Ordinal);
        await using var process = StartedProcess.Start(
            new ProcessStartInfo(interpreter, [option, code]),
            [
                new("PATH", Environment.GetEnvironmentVariable("PATH")!), new("PYTHONIOENCODING", "utf-8"), new("DOTNET_ROOT", Environment.GetEnvironmentVariable("DOTNET_ROOT") ?? ""),
                new("SANDQUEUE_Gateway__DataFolder", Path.GetDirectoryName(program.Database)!),
            ]);
        await process.WaitAsync(Limit);
        process.ExitCode.ShouldBe(0, $"{page}, line {block.Line}: {process.Errors}");
        process.Errors.ShouldBeEmpty($"{page}, line {block.Line}");
        if (block.Output is not { } output) return;

        // Before its one line of JSON a command of the program says which environments it started.
        var printed = block.Code.StartsWith(Program, StringComparison.Ordinal) ? process.Output.TrimEnd('\n').Split('\n')[^1] : process.Output.TrimEnd('\n');
        printed.ShouldBe(output, $"{page}, line {block.Line}");
    }

    private static bool OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <summary>Links into the repository, without what stands behind #.</summary>
    [GeneratedRegex(@"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)")]
    private static partial Regex Links();
}
