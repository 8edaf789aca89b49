namespace SandQueue.Storage.Rollouts;

/// <summary>What a lane asks of the ledger at once.</summary>
/// <param name="Settled">What became of its claim; null where it had none.</param>
/// <param name="ClaimsNext">Whether it takes another rollout of the batch.</param>
public sealed record LaneStep(Settlement? Settled, bool ClaimsNext);
