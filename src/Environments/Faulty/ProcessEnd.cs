using System.Diagnostics;

namespace SandQueue.Environments.Faulty;

/// <summary>Ends this process as the system's memory killer does: with SIGKILL, no handler and no clean-up.</summary>
internal static class ProcessEnd
{
    public static void AtOnce()
    {
        using var self = Process.GetCurrentProcess();
        self.Kill();
        // The signal may arrive after the call returns, and nothing of the step may happen in between.
        Thread.CurrentThread.Join();
    }
}
