namespace SandQueue.Storage.Rollouts;

/// <summary>Work that no lane has.</summary>
/// <param name="Batch">The batch's key.</param>
/// <param name="Lanes">How many more of its rollouts could be played at once.</param>
/// <param name="Priority">The batch's priority.</param>
public sealed record LaneNeed(long Batch, int Lanes, int Priority);
