using System.Globalization;
using System.Runtime.InteropServices;
using SandQueue.Testing;
using SandQueue.Testing.Docker;

namespace SandQueue.Programs;

/// <summary>Looks at processes and signals them. Reads /proc, so Linux only.</summary>
public static class Processes
{
    /// <summary>SIGSTOP, which <see cref="PosixSignal"/> does not have; no more than SIGKILL.</summary>
    private const int Stop = 19;

    private const int Killed = 9;

    /// <summary>The processes started by one, and by those, that still run.</summary>
    public static IReadOnlyList<int> DescendantsOf(int process)
    {
        var children = Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id != 0)
            .ToLookup(ParentOf);
        var found = new List<int>();
        var looked = new Queue<int>([process]);
        while (looked.TryDequeue(out var parent))
        {
            foreach (var child in children[parent])
            {
                found.Add(child);
                looked.Enqueue(child);
            }
        }

        return found;
    }

    public static bool IsRunning(int process) => State(process) is { } state && !state.StartsWith('Z');

    public static void Signal(int process, PosixSignal signal)
    {
        var number = signal switch
        {
            PosixSignal.SIGINT => 2,
            PosixSignal.SIGTERM => 15,
            _ => throw new ArgumentOutOfRangeException(nameof(signal)),
        };
        if (Kill(process, number) != 0) throw new InvalidOperationException($"process {process} could not be signalled");
    }

    /// <summary>Lets it stand still, as a program that hangs for good does.</summary>
    public static async Task FreezeAsync(int process, TimeSpan limit)
    {
        if (Kill(process, Stop) != 0) throw new InvalidOperationException($"process {process} could not be stopped");
        await Until.TrueAsync($"process {process} stops", () => State(process)?[0] == 'T', limit);
    }

    /// <summary>Ends it if it is there: SIGKILL.</summary>
    public static void End(int process) => _ = Kill(process, Killed);

    private static int ParentOf(int process) =>
        State(process)?.Split(' ') is [_, var parent, ..] ? int.Parse(parent, CultureInfo.InvariantCulture) : -1;

    /// <summary>What stands behind the name in /proc/ID/stat: state, parent, …; null where there is no such process.</summary>
    private static string? State(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..];
        }
        catch (IOException)
        {
            // It ended between two looks.
            return null;
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
