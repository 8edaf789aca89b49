namespace SandQueue.FaultRuns;

/// <summary>The faults of one kind.</summary>
/// <param name="Count">How often it happened.</param>
/// <param name="LongestSeconds">The longest, from its begin until it was put right.</param>
/// <param name="During">The commands that were under way while one of them lasted.</param>
public sealed record FaultFigures(int Count, double LongestSeconds, LatencyFigures During);
