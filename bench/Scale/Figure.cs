using System.Globalization;

namespace SandQueue.Bench.Scale;

/// <summary>What was measured, and what it may be.</summary>
/// <param name="Name">As the last line calls it, with its unit at the end.</param>
/// <param name="Value">What it is.</param>
/// <param name="AtMost">The goal, where less is better.</param>
/// <param name="AtLeast">The goal, where more is better. A figure without a goal is there to explain others.</param>
internal sealed record Figure(string Name, double Value, double? AtMost = null, double? AtLeast = null)
{
    /// <summary>Whether it has a goal and misses it. What is no number was not measured, and misses too.</summary>
    public bool IsMissed => (AtMost is { } most && !(Value <= most)) || (AtLeast is { } least && !(Value >= least));

    /// <summary>A line for people.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name} = {Value:0.###}{Goal}");

    private string Goal => (AtMost, AtLeast) switch
    {
        ({ } most, _) => string.Create(CultureInfo.InvariantCulture, $" (goal: at most {most:0.###}){Missed}"),
        (_, { } least) => string.Create(CultureInfo.InvariantCulture, $" (goal: at least {least:0.###}){Missed}"),
        _ => "",
    };

    private string Missed => IsMissed ? ": missed" : "";
}
