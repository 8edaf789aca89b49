namespace SandQueue.Rollouts.Statistics;

/// <summary>A bar of a histogram.</summary>
/// <param name="From">The smallest value that belongs to it.</param>
/// <param name="To">The values below it belong to it; in the last bar, and where it is <paramref name="From"/>, this one too.</param>
/// <param name="Count">How many do.</param>
public sealed record Bar(double From, double To, int Count);
