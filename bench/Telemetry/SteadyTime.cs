using SandQueue.Bench.Compare.Programs;

namespace SandQueue.Bench.Telemetry;

/// <summary>
/// The processor time of a .NET program so far, and apart from it that of the threads which compile what runs often. In its first minutes a program spends
/// a tenth of its time there, and one with telemetry has more to compile: that is a price of its start, and of no step.
/// </summary>
internal sealed class SteadyTime
{
    /// <summary>What the runtime calls such a thread, as far as the kernel keeps it. One without work ends after 4 s, longer than a measurement takes.</summary>
    private const string Compiles = ".NET Tiered Com";

    private readonly long _all;
    private readonly Dictionary<int, long> _compiled;

    private SteadyTime(long all, Dictionary<int, long> compiled) => (_all, _compiled) = (all, compiled);

    /// <summary>Reads it.</summary>
    /// <param name="process">The program's number.</param>
    public static SteadyTime Of(int process) => new(
        ProcessStat.Parse(File.ReadAllText($"/proc/{process}/stat")).Ticks,
        Directory.EnumerateDirectories($"/proc/{process}/task").Select(Read).OfType<ProcessStat>().Where(thread => thread.Name == Compiles).ToDictionary(thread => thread.Id, thread => thread.Ticks));

    /// <summary>Milliseconds since another reading, in steps of ten, without those of compilation.</summary>
    public double MillisecondsSince(SteadyTime before) =>
        (_all - before._all - _compiled.Sum(thread => thread.Value - before._compiled.GetValueOrDefault(thread.Key))) * ProcessStat.MillisecondsPerTick;

    private static ProcessStat? Read(string thread)
    {
        try
        {
            return ProcessStat.Parse(File.ReadAllText(Path.Combine(thread, "stat")));
        }
        catch (IOException)
        {
            // It ended between two looks.
            return null;
        }
    }
}
