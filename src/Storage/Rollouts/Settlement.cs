namespace SandQueue.Storage.Rollouts;

/// <summary>What became of a claim.</summary>
/// <param name="Rollout">The rollout's key.</param>
/// <param name="Claim">The claim's number.</param>
/// <param name="End">How it ended; null where it is given back as it is, for another worker to go on with.</param>
public sealed record Settlement(long Rollout, int Claim, RolloutEnd? End);
