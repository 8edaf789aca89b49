namespace SandQueue.Workers.Runtimes.Processes;

/// <summary>The settings of environment servers that run as child processes, section <c>ProcessRuntime</c>.</summary>
internal sealed class ProcessRuntimeOptions
{
    /// <summary>The environment server's program, relative to this program's folder.</summary>
    public string Server { get; init; } = Path.Combine("environment-server", OperatingSystem.IsWindows() ? "SandQueue.Environments.exe" : "SandQueue.Environments");
}
