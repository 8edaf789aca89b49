namespace SandQueue.Rollouts.Play;

/// <summary>Another worker has the rollout now; this one gives it up without an end.</summary>
public sealed class ClaimLostException(string message) : Exception(message);
