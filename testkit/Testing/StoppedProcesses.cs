using System.Diagnostics;
using System.Globalization;

namespace SandQueue.Testing;

/// <summary>A process and those that it started, stopped by SIGSTOP: their connections stay open, and nobody answers.</summary>
internal sealed class StoppedProcesses
{
    private readonly List<string> _ids;

    private StoppedProcesses(List<string> ids) => _ids = ids;

    /// <summary>Stops the parent first, so that it starts no child that is missed.</summary>
    public static async Task<StoppedProcesses> StopAsync(int parent)
    {
        var id = parent.ToString(CultureInfo.InvariantCulture);
        await SignalAsync("STOP", [id]);
        var stopped = new StoppedProcesses([id, .. ChildrenOf(id)]);
        await SignalAsync("STOP", stopped._ids);
        return stopped;
    }

    public Task ContinueAsync() => SignalAsync("CONT", _ids);

    private static IEnumerable<string> ChildrenOf(string parent)
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out _)))
        {
            string[] status;
            try
            {
                status = File.ReadAllLines(Path.Combine(folder, "status"));
            }
            catch (IOException)
            {
                // It ended between two looks.
                continue;
            }

            if (status.Contains($"PPid:\t{parent}")) yield return Path.GetFileName(folder);
        }
    }

    private static async Task SignalAsync(string signal, List<string> ids)
    {
        // A process that ended in between is no failure.
        using var kill = Process.Start(new ProcessStartInfo("/bin/kill", ["-s", signal, .. ids]) { RedirectStandardError = true })!;
        await kill.WaitForExitAsync();
    }
}
