using System.Diagnostics;
using System.Text.RegularExpressions;
using SandQueue.Programs;
using SandQueue.Testing;

namespace SandQueue.EndToEnd.Readme;

/// <summary>What the README says is run, and what it says is printed is printed.</summary>
public sealed partial class ReadmeTests
{
    private const string Address = "localhost:8080";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private static string Root => Repository.Root;

    [Fact]
    public async Task The_tutorial_prints_what_the_readme_shows()
    {
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Default);
        var blocks = ReadmeBlock.Read(Path.Combine(Root, "README.md")).Where(block => block.Language == "sh").ToList();
        blocks.Count.ShouldBeGreaterThan(4);
        foreach (var block in blocks) await RunsAsync(program, block, "bash", "-ec");
        await program.EndAsync();
    }

    [Fact]
    public async Task The_Python_program_prints_what_the_readme_shows()
    {
        Assert.SkipUnless(OnPath("python3"), "needs python3");
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Default);
        var block = ReadmeBlock.Read(Path.Combine(Root, "README.md")).Where(block => block.Language == "python").ShouldHaveSingleItem();
        block.Code.Split('\n').Count(line => line.Length > 0).ShouldBeLessThanOrEqualTo(15);
        await RunsAsync(program, block, "python3", "-c");
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
    [InlineData("docs/environments.md")]
    public void Every_file_a_page_names_is_there(string page)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Root, page))!;
        var links = Links().Matches(File.ReadAllText(Path.Combine(Root, page))).Select(match => match.Groups[1].Value).ToList();
        links.ShouldNotBeEmpty();
        foreach (var link in links) (File.Exists(Path.Combine(folder, link)) || Directory.Exists(Path.Combine(folder, link))).ShouldBeTrue($"{page} names {link}");
    }

    private static async Task RunsAsync(RunningProgram program, ReadmeBlock block, string interpreter, string option)
    {
        var code = block.Code.Replace(Address, $"127.0.0.1:{program.Address.Port}", StringComparison.Ordinal);
        await using var process = StartedProcess.Start(
            new ProcessStartInfo(interpreter, [option, code]), [new("PATH", Environment.GetEnvironmentVariable("PATH")!), new("PYTHONIOENCODING", "utf-8")]);
        await process.WaitAsync(Limit);
        process.ExitCode.ShouldBe(0, $"README.md, line {block.Line}: {process.Errors}");
        process.Errors.ShouldBeEmpty($"README.md, line {block.Line}");
        if (block.Output is { } output) process.Output.TrimEnd('\n').ShouldBe(output, $"README.md, line {block.Line}");
    }

    private static bool OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <summary>Links into the repository, without what stands behind #.</summary>
    [GeneratedRegex(@"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)")]
    private static partial Regex Links();
}
