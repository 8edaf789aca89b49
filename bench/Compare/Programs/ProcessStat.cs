using System.Globalization;

namespace SandQueue.Bench.Compare.Programs;

/// <summary>A process, as <c>/proc/PID/stat</c> has it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Parent">The number of who started it.</param>
/// <param name="Name">The program, as the kernel calls it: at most 15 characters.</param>
/// <param name="Ticks">Processor time in hundredths of a second, user and system, with that of its children that ended.</param>
internal sealed record ProcessStat(int Id, int Parent, string Name, long Ticks)
{
    public const double MillisecondsPerTick = 10;

    private const int ParentField = 1;
    private const int FirstTime = 11;
    private const int Times = 4;

    /// <summary>Reads the line of one process. A name may have blanks and parentheses in it.</summary>
    public static ProcessStat Parse(string line)
    {
        var (open, close) = (line.IndexOf('(', StringComparison.Ordinal), line.LastIndexOf(')'));
        var fields = line[(close + 2)..].Split(' ');
        return new ProcessStat(
            int.Parse(line[..(open - 1)], CultureInfo.InvariantCulture),
            int.Parse(fields[ParentField], CultureInfo.InvariantCulture),
            line[(open + 1)..close],
            fields.Skip(FirstTime).Take(Times).Sum(ticks => long.Parse(ticks, CultureInfo.InvariantCulture)));
    }

    /// <summary>All processes of this machine.</summary>
    public static IReadOnlyList<ProcessStat> ReadAll()
    {
        var all = new List<ProcessStat>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!char.IsAsciiDigit(Path.GetFileName(folder)[0])) continue;
            try
            {
                all.Add(Parse(File.ReadAllText(Path.Combine(folder, "stat"))));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // It ended between two looks, or is not for us to see.
            }
        }

        return all;
    }
}
