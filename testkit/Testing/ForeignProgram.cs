using System.Diagnostics;

namespace SandQueue.Testing;

/// <summary>Runs programs of others to their end: package managers, trainers in other languages.</summary>
public static class ForeignProgram
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <param name="start">The program.</param>
    /// <param name="limit">How long it may take; null for two minutes.</param>
    /// <returns>What it printed, a line each, and all of what it said of errors.</returns>
    /// <exception cref="OperationCanceledException">It took longer, and was killed.</exception>
    public static async Task<(int ExitCode, string[] Lines, string Errors)> RunAsync(ProcessStartInfo start, TimeSpan? limit = null)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        using var process = Process.Start(start)!;
        using var over = new CancellationTokenSource(limit ?? Limit);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(over.Token), process.StandardError.ReadToEndAsync(over.Token));
        try
        {
            await process.WaitForExitAsync(over.Token);
        }
        finally
        {
            if (!process.HasExited)
            {
                // Its folder may be removed once it is gone, and not before.
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(CancellationToken.None);
            }
        }

        return (process.ExitCode, (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries), await errors);
    }
}
