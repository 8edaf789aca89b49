using System.Diagnostics;
using SandQueue.FaultRuns.Clients;
using SandQueue.FaultRuns.Faults;

namespace SandQueue.FaultRuns.Checking;

/// <summary>What commands took, with and without the faults that they met. Faults that follow one another without a pause are one outage.</summary>
internal sealed class CommandLatencies
{
    private readonly IReadOnlyList<SentCommand> _commands;
    private readonly List<(long Began, long Ended)> _outages = [];

    public CommandLatencies(IReadOnlyList<SentCommand> commands, IReadOnlyCollection<FaultSpan> faults)
    {
        _commands = commands;
        foreach (var fault in faults.OrderBy(fault => fault.Began))
        {
            if (_outages.Count > 0 && fault.Began <= _outages[^1].Ended) _outages[^1] = (_outages[^1].Began, Math.Max(_outages[^1].Ended, fault.Ended));
            else _outages.Add((fault.Began, fault.Ended));
        }
    }

    public LatencyFigures All => LatencyFigures.Of(_commands.Select(command => command.Milliseconds));

    /// <summary>What commands took beyond the faults that they met: from each the time is taken in which a fault lasted.</summary>
    public LatencyFigures BeyondFaults => LatencyFigures.Of(_commands.Select(command =>
    {
        var (start, end) = Span(command);
        return command.Milliseconds - _outages.Sum(outage => Math.Max(0, Math.Min(end, outage.Ended) - Math.Max(start, outage.Began)) * 1000.0 / Stopwatch.Frequency);
    }));

    /// <summary>Of the commands that met no outage longer than that: a farm whose database stands still for 15 s cannot answer in 3.</summary>
    public LatencyFigures BesideFaultsAbove(TimeSpan length)
    {
        var longer = _outages.Where(outage => Stopwatch.GetElapsedTime(outage.Began, outage.Ended) > length).ToList();
        return LatencyFigures.Of(_commands.Where(command => !longer.Exists(outage => Overlaps(outage, command))).Select(command => command.Milliseconds));
    }

    /// <param name="ofKind">Faults of one kind.</param>
    public FaultFigures During(IEnumerable<FaultSpan> ofKind)
    {
        var spans = ofKind.ToList();
        var during = _commands.Where(command => spans.Exists(fault => Overlaps((fault.Began, fault.Ended), command))).Select(command => command.Milliseconds);
        return new FaultFigures(spans.Count, Math.Round(spans.Max(fault => fault.Length.TotalSeconds), 1), LatencyFigures.Of(during));
    }

    private static bool Overlaps((long Began, long Ended) span, SentCommand command)
    {
        var (start, end) = Span(command);
        return start < span.Ended && end > span.Began;
    }

    private static (long Start, long End) Span(SentCommand command) =>
        (command.StartedAt, command.StartedAt + (long)(command.Milliseconds * Stopwatch.Frequency / 1000));
}
