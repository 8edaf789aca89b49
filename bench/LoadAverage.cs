using System.Globalization;

namespace SandQueue.Bench;

/// <summary>How many processes of this machine wanted to run, on average of the last minute: what tells a quiet machine from a busy one.</summary>
internal static class LoadAverage
{
    public static double Now() => double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);
}
