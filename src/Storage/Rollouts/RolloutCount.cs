using SandQueue.Contracts;

namespace SandQueue.Storage.Rollouts;

/// <summary>How many rollouts of a batch are alike.</summary>
/// <param name="End">Their end; null where they have none.</param>
/// <param name="IsRunning">Whether a worker has them.</param>
/// <param name="Cause">The number of their cause; null where they have none.</param>
/// <param name="IsValid">Whether their reward may be used.</param>
/// <param name="IsTrainable">Whether they may enter a loss.</param>
/// <param name="Count">How many they are.</param>
/// <param name="RewardSum">The sum of their rewards.</param>
public sealed record RolloutCount(CommandEnd? End, bool IsRunning, int? Cause, bool IsValid, bool IsTrainable, int Count, double RewardSum);
