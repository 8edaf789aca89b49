using System.Diagnostics;
using SandQueue.Programs;

namespace SandQueue.Client.Tests.Servers;

/// <summary>Runs <c>dotnet</c> to its end.</summary>
internal static class Dotnet
{
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(IEnumerable<string> arguments, TimeSpan limit, params (string Name, string Value)[] environment)
    {
        List<KeyValuePair<string, string>> variables =
        [
            new("PATH", Environment.GetEnvironmentVariable("PATH") ?? ""), new("HOME", Environment.GetEnvironmentVariable("HOME") ?? ""), new("DOTNET_ROOT", Environment.GetEnvironmentVariable("DOTNET_ROOT") ?? ""),
            new("DOTNET_NOLOGO", "1"), new("DOTNET_CLI_TELEMETRY_OPTOUT", "1"), new("MSBUILDDISABLENODEREUSE", "1"), new("DOTNET_CLI_USE_MSBUILD_SERVER", "0"), new("UseSharedCompilation", "false"),
            .. environment.Select(variable => new KeyValuePair<string, string>(variable.Name, variable.Value)),
        ];
        await using var process = StartedProcess.Start(new ProcessStartInfo("dotnet", arguments), variables.Where(variable => variable.Value.Length > 0));
        await process.WaitAsync(limit);
        return (process.ExitCode, process.Output, process.Errors);
    }
}
