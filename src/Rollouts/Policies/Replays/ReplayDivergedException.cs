namespace SandQueue.Rollouts.Policies.Replays;

/// <summary>The beginning of an episode came out other than it is recorded, so that nothing may follow it.</summary>
internal sealed class ReplayDivergedException(string message) : Exception(message);
