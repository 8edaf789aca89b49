using System.Diagnostics;
using SandQueue.FaultRuns.Clients;
using SandQueue.FaultRuns.Faults;

namespace SandQueue.FaultRuns.Checking;

/// <summary>What commands took, with and without the faults that they met.</summary>
internal sealed class CommandLatencies(IReadOnlyList<SentCommand> commands, IReadOnlyCollection<FaultSpan> faults)
{
    public LatencyFigures All { get; } = LatencyFigures.Of(commands.Select(command => command.Milliseconds));

    /// <summary>Of the commands that met no fault longer than that: a farm whose database stands still for 15 s cannot answer in 3.</summary>
    public LatencyFigures BesideFaultsAbove(TimeSpan length)
    {
        var longer = faults.Where(fault => fault.Length > length).ToList();
        return LatencyFigures.Of(commands.Where(command => !longer.Exists(fault => Overlaps(fault, command))).Select(command => command.Milliseconds));
    }

    /// <param name="ofKind">Faults of one kind.</param>
    public FaultFigures During(IEnumerable<FaultSpan> ofKind)
    {
        var spans = ofKind.ToList();
        var during = commands.Where(command => spans.Exists(fault => Overlaps(fault, command))).Select(command => command.Milliseconds);
        return new FaultFigures(spans.Count, Math.Round(spans.Max(fault => fault.Length.TotalSeconds), 1), LatencyFigures.Of(during));
    }

    private static bool Overlaps(FaultSpan fault, SentCommand command) =>
        fault.Overlaps(command.StartedAt, command.StartedAt + (long)(command.Milliseconds * Stopwatch.Frequency / 1000));
}
