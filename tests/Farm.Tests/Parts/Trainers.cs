using System.Diagnostics;

namespace SandQueue.Farm.Tests.Parts;

/// <summary>The programs that run trainers in other languages.</summary>
internal static class Trainers
{
    public const string Python = "/usr/bin/python3";

    public const string NoPika = "python3-pika is not installed";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public static bool HasPika => File.Exists(Python) && File.Exists("/usr/lib/python3/dist-packages/pika/__init__.py");

    /// <summary>Runs a program to its end.</summary>
    /// <returns>What it printed, a line each, and all of what it said of errors.</returns>
    public static async Task<(int ExitCode, string[] Lines, string Errors)> RunAsync(ProcessStartInfo start)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Limit);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }

        return (process.ExitCode, (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries), await errors);
    }
}
