namespace SandQueue.Rollouts.Statistics;

/// <summary>Whether k rollouts of a task succeed: at least one of them, and all of them. Means over tasks.</summary>
/// <param name="K">How many rollouts.</param>
/// <param name="PassAtK">The probability that at least one of k succeeds (pass@k).</param>
/// <param name="PassHatK">The probability that all k succeed (pass^k).</param>
/// <param name="Tasks">The tasks that have k valid rollouts or more.</param>
/// <param name="TasksLeftOut">The tasks that have fewer, and say nothing here.</param>
public sealed record PassRate(int K, double PassAtK, double PassHatK, int Tasks, int TasksLeftOut);
