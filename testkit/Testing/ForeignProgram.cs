using System.Diagnostics;

namespace SandQueue.Testing;

/// <summary>Runs programs of others to their end: package managers, trainers in other languages.</summary>
public static class ForeignProgram
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

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
