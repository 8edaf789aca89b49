using System.ComponentModel;
using System.Runtime.InteropServices;

namespace SandQueue.Environments.Serving;

/// <summary>
/// Has the kernel wake this process when its parent dies. One that was stopped would not see the end of its standard
/// input, and would stay for ever.
/// </summary>
/// <remarks>
/// SIGCONT, and not SIGKILL: the kernel takes the thread that started this process for its parent, and a thread of a pool
/// ends while its process lives on. SIGCONT does nothing to a process that runs, and one that wakes leaves in order. One that
/// somebody has stopped may go on when such a thread ends.
/// </remarks>
internal static class ParentDeath
{
    private const int SetParentDeathSignal = 1;

    /// <summary>The number of SIGCONT on every architecture .NET runs on.</summary>
    private const nuint Continue = 18;

    /// <summary>Holds as long as the calling thread lives. Other systems than Linux have nothing like it.</summary>
    public static void WakesThisProcess()
    {
        if (!OperatingSystem.IsLinux() || Control(SetParentDeathSignal, Continue, 0, 0, 0) == 0) return;
        var reason = new Win32Exception(Marshal.GetLastPInvokeError()).Message;
        Console.Error.WriteLine($"the kernel will not wake this server when its worker dies, so it has to be ended by hand if it is stopped then: {reason}");
    }

    [DllImport("libc", EntryPoint = "prctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Control(int option, nuint second, nuint third, nuint fourth, nuint fifth);
}
