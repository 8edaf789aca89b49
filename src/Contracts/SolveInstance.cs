using MemoryPack;

namespace SandQueue.Contracts;

/// <summary>
/// Say which assistant's messages lead from the state as it stands to the most that the task can give. The answer is <c>{"messages":[…],"maximum":1.0}</c>:
/// no messages where the episode is over or no way is known, and the score that they reach. Not journaled. Sent by a rollout's <c>gold</c> policy alone: no door turns a request into it.
/// </summary>
[MemoryPackable(GenerateType.VersionTolerant)]
public sealed partial record SolveInstance : InstanceCommand;
