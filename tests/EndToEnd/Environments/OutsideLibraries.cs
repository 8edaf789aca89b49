using System.Diagnostics;
using SandQueue.Programs;
using SandQueue.Testing;
using SandQueue.Testing.Documents;

namespace SandQueue.EndToEnd.Environments;

/// <summary>
/// Class libraries built as somebody without our sources builds them: in a home folder of their own, far from our build files, with our
/// package as their only one, and no network.
/// </summary>
public sealed class OutsideLibraries : IAsyncLifetime
{
    private static readonly TimeSpan BuildLimit = TimeSpan.FromMinutes(10);
    private static readonly IReadOnlyList<DocumentBlock> Page = DocumentBlock.Read(Path.Combine("docs", "environments.md"));

    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("sqo-");

    /// <summary>The library of <c>docs/environments.md</c>.</summary>
    public string Guess { get; private set; } = "";

    /// <summary>A library with an environment whose actions go wrong, and with one that cannot be made.</summary>
    public string Odd { get; private set; } = "";

    /// <summary>The block of the page that plays.</summary>
    public static DocumentBlock Played => Page.Single(block => block.Kind == "runs guess");

    public async ValueTask InitializeAsync()
    {
        // What the build of these tests has made is packed as it is.
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        await RunAsync(Repository.Root, $"{Block("pack").TrimEnd('\n')} --no-build --configuration {configuration}");

        var guess = _home.CreateSubdirectory("Guess");
        foreach (var file in (string[])["Guess.csproj", "nuget.config", "GuessEnvironment.cs", "GuessInstance.cs"]) Write(guess, file, Block(file));
        Guess = (await RunAsync(guess.FullName, $"{Block("build")}printenv SANDQUEUE_Worker__Environments__guess__Assembly")).TrimEnd('\n').Split('\n')[^1];

        var odd = _home.CreateSubdirectory("Odd");
        Write(odd, "Odd.csproj", Block("Guess.csproj"));
        Write(odd, "nuget.config", Block("nuget.config"));
        Write(odd, "OddEnvironment.cs", OddSource.Text);
        await RunAsync(odd.FullName, "dotnet build");
        Odd = Path.Combine(odd.FullName, "bin", "Debug", "net10.0", "Odd.dll");
    }

    public ValueTask DisposeAsync()
    {
        _home.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>Runs a script of the page's or of a test's.</summary>
    /// <returns>What it printed.</returns>
    public async Task<string> RunAsync(string folder, string script)
    {
        await using var process = StartedProcess.Start(new ProcessStartInfo("bash", ["-ec", script]) { WorkingDirectory = folder }, Variables());
        await process.WaitAsync(BuildLimit);
        process.ExitCode.ShouldBe(0, $"{script}: {process.Output}{process.Errors}");
        return process.Output;
    }

    private static string Block(string subject) => Page.Single(block => block.Kind == "outside" && block.Subject == subject).Text;

    private static void Write(DirectoryInfo folder, string file, string text) => File.WriteAllText(Path.Combine(folder.FullName, file), text);

    private IEnumerable<KeyValuePair<string, string>> Variables()
    {
        yield return new("PATH", Environment.GetEnvironmentVariable("PATH") ?? "");
        yield return new("HOME", _home.FullName);
        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } runtime) yield return new("DOTNET_ROOT", runtime);

        // Not the machine's own folder of packages: another build of this version may be there.
        yield return new("NUGET_PACKAGES", Path.Combine(_home.FullName, "packages"));
        yield return new("DOTNET_NOLOGO", "1");
        yield return new("DOTNET_CLI_TELEMETRY_OPTOUT", "1");
        yield return new("DOTNET_GENERATE_ASPNET_CERTIFICATE", "false");

        // Build servers would outlive the test.
        yield return new("MSBUILDDISABLENODEREUSE", "1");
        yield return new("DOTNET_CLI_USE_MSBUILD_SERVER", "0");
        yield return new("UseSharedCompilation", "false");
    }
}
