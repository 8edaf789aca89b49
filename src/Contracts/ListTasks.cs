using MemoryPack;

namespace SandQueue.Contracts;

/// <summary>
/// List the task ids of a split. Sent to <see cref="QueueNames.Entry"/> of its environment. The answer is an array of
/// strings in the order of the data. Not journaled.
/// </summary>
[MemoryPackable(GenerateType.VersionTolerant)]
public sealed partial record ListTasks : Command
{
    /// <summary>The environment, for example <c>bfcl</c>.</summary>
    [MemoryPackOrder(20)]
    public required string EnvType { get; init; }

    /// <summary>The split, for example <c>train</c>.</summary>
    [MemoryPackOrder(21)]
    public required string Split { get; init; }

    /// <summary>The caller's <c>params</c>, the exact bytes of a JSON object; empty where there were none.</summary>
    [MemoryPackOrder(22)]
    public byte[] Params { get; init; } = [];
}
