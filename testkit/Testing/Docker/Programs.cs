using System.Diagnostics;

namespace SandQueue.Testing.Docker;

/// <summary>Programs of this machine that tests run.</summary>
internal static class Programs
{
    /// <summary>System programs are not in everybody's path.</summary>
    public static string SearchPath { get; } = $"{Environment.GetEnvironmentVariable("PATH")}:/usr/local/sbin:/usr/sbin:/sbin";

    public static bool Exist(params string[] names) =>
        names.All(name => SearchPath.Split(':').Any(folder => File.Exists(Path.Combine(folder, name))));

    /// <returns>What it printed on both outputs.</returns>
    /// <exception cref="InvalidOperationException">It failed; the message has what it printed.</exception>
    public static async Task<string> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        try
        {
            var printed = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0
                ? string.Concat(printed)
                : throw new InvalidOperationException($"{program} {string.Join(' ', start.ArgumentList)} failed with {process.ExitCode}: {string.Concat(printed)}");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
