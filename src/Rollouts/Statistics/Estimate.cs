namespace SandQueue.Rollouts.Statistics;

/// <summary>A mean and how sure it is.</summary>
/// <param name="Mean">The mean of the values.</param>
/// <param name="Ci95">Its 95 % interval; null where there is one cluster only, which says nothing about others.</param>
/// <param name="Values">How many values it is the mean of.</param>
/// <param name="Clusters">How many clusters (tasks) they are from.</param>
public sealed record Estimate(double Mean, Interval? Ci95, int Values, int Clusters);
