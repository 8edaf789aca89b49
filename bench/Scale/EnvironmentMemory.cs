using System.Globalization;
using SandQueue.Bench.Compare.Programs;

namespace SandQueue.Bench.Scale;

/// <summary>Memory of the environment servers that a worker has started.</summary>
internal static class EnvironmentMemory
{
    private const string Resident = "VmRSS:";

    /// <returns>Resident megabytes of all that the worker has started.</returns>
    public static double Megabytes(int worker) => ProcessStat.ReadAll().Where(process => process.Parent == worker).Sum(server => Read(File.ReadLines($"/proc/{server.Id}/status")));

    /// <summary>Resident megabytes, of the lines of <c>/proc/PID/status</c>.</summary>
    public static double Read(IEnumerable<string> status)
    {
        const double KilobytesPerMegabyte = 1024;
        var line = status.First(line => line.StartsWith(Resident, StringComparison.Ordinal));
        return long.Parse(line[Resident.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) / KilobytesPerMegabyte;
    }
}
