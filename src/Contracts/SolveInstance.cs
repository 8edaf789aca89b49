namespace SandQueue.Contracts;

/// <summary>
/// Say which assistant's messages lead from the state as it stands to the most that the task can give. The answer is a JSON array of them, empty
/// where the episode is over or no way is known. Not journaled. Sent by a rollout's <c>gold</c> policy alone: no door turns a request into it.
/// </summary>
public sealed record SolveInstance : InstanceCommand;
