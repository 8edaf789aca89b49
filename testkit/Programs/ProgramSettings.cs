using SandQueue.Testing;
using SandQueue.Testing.Docker;

namespace SandQueue.Programs;

/// <summary>How a test wants the program started. Settings have the names the README gives them.</summary>
public sealed record ProgramSettings
{
    private static readonly IEnumerable<string> All = Directory.GetDirectories(Path.Combine(Repository.Root, "environments")).Select(folder => Path.GetFileName(folder));

    private Dictionary<string, string> Given { get; init; } = [];

    /// <summary>The address to listen on; the port is always a free one.</summary>
    public string Address { get; init; } = "127.0.0.1";

    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>As a person starts it.</summary>
    public static ProgramSettings Default { get; } = new();

    /// <summary>Serves some environments only, for a faster start.</summary>
    public static ProgramSettings Serving(params string[] environments) => new()
    {
        Given = All.ToDictionary(name => $"SANDQUEUE_Worker__Environments__{name}__Enabled", name => environments.Contains(name) ? "true" : "false"),
    };

    public ProgramSettings With(string name, string value) => this with { Given = new Dictionary<string, string>(Given) { [name] = value } };

    /// <summary>The environment of the process: these settings, and what any program needs.</summary>
    internal IEnumerable<KeyValuePair<string, string>> Variables(ProgramFolders folders)
    {
        yield return new("PATH", Environment.GetEnvironmentVariable("PATH") ?? "");
        yield return new("HOME", folders.Home);
        yield return new("TMPDIR", folders.Temporary);

        // The runtime's own debugging pipes would lie among the program's temporary files.
        yield return new("DOTNET_EnableDiagnostics", "0");
        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } runtime) yield return new("DOTNET_ROOT", runtime);
        foreach (var setting in Given) yield return setting;
    }
}
