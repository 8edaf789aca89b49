using SandQueue.Storage.Model;

namespace SandQueue.Storage.Rollouts;

/// <summary>What the ledger answers a lane.</summary>
/// <param name="IsSettled">Whether its claim was still its own, so that what became of it is stored.</param>
/// <param name="Next">The rollout that it has now; null where there is none for it.</param>
/// <param name="IsFresh">Whether this attempt of it was never claimed before.</param>
/// <param name="Batch">The rollout's batch, as it was then.</param>
public sealed record LaneAnswer(bool IsSettled, Rollout? Next, bool IsFresh, Batch? Batch);
