namespace SandQueue.Bench.Compare.Loops;

/// <summary>What one call was.</summary>
/// <param name="Units">What counts of it: steps, rows, episodes, instances.</param>
/// <param name="AnsweredAt">The timestamp at which what is timed was over; a player may tidy up after it.</param>
internal readonly record struct Played(int Units, long AnsweredAt);
