using System.Diagnostics;
using System.Globalization;

namespace SandQueue.Workers.Runtimes.Processes;

/// <summary>The memory of a process and of those it started: a server's command may be a script that starts the server.</summary>
internal static class ProcessMemory
{
    /// <returns>Bytes.</returns>
    public static long OfTree(Process process)
    {
        process.Refresh();
        return process.WorkingSet64 + Children(process.Id).Sum(OfTree);
    }

    private static long OfTree(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return OfTree(process);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            // It has ended meanwhile.
            return 0;
        }
    }

    /// <summary>Linux lists them; elsewhere the process itself is what can be measured.</summary>
    private static IEnumerable<int> Children(int id)
    {
        var tasks = $"/proc/{id}/task";
        if (!Directory.Exists(tasks)) return [];
        try
        {
            return
            [
                .. Directory.EnumerateDirectories(tasks)
                    .SelectMany(task => File.ReadAllText(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    .Select(child => int.Parse(child, CultureInfo.InvariantCulture)),
            ];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
