using System.Diagnostics;
using SandQueue.Programs;
using SandQueue.Testing;
using SandQueue.Testing.Documents;

namespace SandQueue.EndToEnd.Environments;

/// <summary>The C# environment of <c>docs/environments.md</c> as one of ours: written into a copy of the sources, built, checked by the contract, and played.</summary>
public sealed class OwnEnvironmentTests : IDisposable
{
    private static readonly TimeSpan BuildLimit = TimeSpan.FromMinutes(10);
    private static readonly string[] Needed = ["src/Environments", "src/Environments.Abstractions", "src/Frames", "tests/Environments.Tests", "testkit/Testing"];
    private static readonly string[] NeededFiles = ["Directory.Build.props", "Directory.Packages.props", "global.json", "Queue.sln", ".editorconfig", "tests/Directory.Build.props", "tests/TestRunLimit.cs", "testkit/Directory.Build.props"];

    private readonly DirectoryInfo _copy = Directory.CreateTempSubdirectory("sqe-");

    public void Dispose() => _copy.Delete(recursive: true);

    [Fact]
    public async Task The_class_of_the_page_is_built_checked_and_played()
    {
        var page = DocumentBlock.Read(Path.Combine("docs", "environments.md"));
        Copy();
        foreach (var file in page.Where(block => block.Kind == "file")) Write(file.Subject, file.Text);
        foreach (var line in page.Where(block => block.Kind == "line in")) Insert(line);
        foreach (var file in page.Where(block => block.Kind == "outside" && block.Subject.EndsWith(".cs", StringComparison.Ordinal)))
        {
            // The page says to change this line.
            Write(Path.Combine("src", "Environments", "Guess", file.Subject), file.Text.Replace("namespace Guess;", "namespace SandQueue.Environments.Guess;", StringComparison.Ordinal));
        }


        await DotnetAsync("build", Path.Combine("tests", "Environments.Tests"), "-v", "q", "-nodeReuse:false", "-p:UseSharedCompilation=false");
        (await DotnetAsync("run", "--no-build", "--project", Path.Combine("tests", "Environments.Tests"), "--", "--filter-class", "*GuessContract")).ShouldContain("failed: 0");

        var server = Path.Combine(_copy.FullName, "src", "Environments", "bin", "Debug", "net10.0", "SandQueue.Environments");
        await using var program = await RunningProgram.StartAsync(
            ProgramSettings.Serving().With("SANDQUEUE_Worker__Environments__guess__Enabled", "true").With("SANDQUEUE_ProcessRuntime__Server", server));
        program.Output.ShouldMatch("(?m)^  guess +unlimited tasks");
        var block = page.Single(block => block.Kind == "runs guess");
        await using var played = StartedProcess.Start(
            new ProcessStartInfo("bash", ["-ec", block.Text.Replace("localhost:8080", $"127.0.0.1:{program.Address.Port}", StringComparison.Ordinal)]),
            [new("PATH", Environment.GetEnvironmentVariable("PATH")!)]);
        await played.WaitAsync(TimeSpan.FromMinutes(1));
        played.Output.TrimEnd('\n').ShouldBe(block.Output, played.Errors);
        await program.EndAsync();
    }

    private void Copy()
    {
        foreach (var file in NeededFiles) Write(file, File.ReadAllText(Path.Combine(Repository.Root, file)));
        foreach (var folder in Needed.Append("eng"))
        {
            var root = Path.Combine(Repository.Root, folder);
            foreach (var file in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories))
            {
                var relative = Path.GetRelativePath(root, file);
                if (relative.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj")) continue;
                var copy = Path.Combine(_copy.FullName, folder, relative);
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }
        }
    }

    private void Write(string path, string text)
    {
        var file = Path.Combine(_copy.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    /// <summary>A mark <c>line in: FILE after: TEXT</c>.</summary>
    private void Insert(DocumentBlock block)
    {
        var parts = block.Subject.Split(" after: ");
        var file = Path.Combine(_copy.FullName, parts[0]);
        var lines = File.ReadAllLines(file).ToList();
        lines.Insert(lines.FindIndex(line => line.Contains(parts[1], StringComparison.Ordinal)) + 1, block.Text.TrimEnd('\n'));
        File.WriteAllLines(file, lines);
    }

    private async Task<string> DotnetAsync(params string[] arguments)
    {
        var variables = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>().ToDictionary(variable => (string)variable.Key, variable => (string)variable.Value!);
        variables["MSBUILDDISABLENODEREUSE"] = "1";
        await using var process = StartedProcess.Start(new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = _copy.FullName }, variables);
        await process.WaitAsync(BuildLimit);
        process.ExitCode.ShouldBe(0, $"dotnet {string.Join(' ', arguments)}: {process.Output}{process.Errors}");
        return process.Output;
    }
}
