namespace SandQueue.Rollouts.Reports;

/// <summary>A task that one batch solves and the other does not.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="First">Its mean in the first.</param>
/// <param name="Second">Its mean in the second.</param>
/// <param name="IsGained">Whether it is the second that solves it.</param>
public sealed record FlippedTask(string TaskId, double First, double Second, bool IsGained);
