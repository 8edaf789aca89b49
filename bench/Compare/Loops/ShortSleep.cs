using System.Diagnostics;
using System.Runtime.InteropServices;

namespace SandQueue.Bench.Compare.Loops;

/// <summary>Sleeps by microseconds: .NET's timers count milliseconds, which is as long as some of the calls take. Linux only.</summary>
internal static class ShortSleep
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Sleeps until the time of a timestamp, or not at all where that is over.</summary>
    public static void Until(long timestamp)
    {
        var nanoseconds = (long)((timestamp - Stopwatch.GetTimestamp()) * ((double)NanosecondsPerSecond / Stopwatch.Frequency));
        if (nanoseconds <= 0) return;
        var time = new Time(nanoseconds / NanosecondsPerSecond, nanoseconds % NanosecondsPerSecond);
        _ = Sleep(in time, 0);
    }

    [DllImport("libc", EntryPoint = "nanosleep")]
    private static extern int Sleep(in Time time, nint remaining);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Time(nint Seconds, nint Nanoseconds)
    {
        public Time(long seconds, long nanoseconds)
            : this((nint)seconds, (nint)nanoseconds)
        {
        }
    }
}
