using MemoryPack;

namespace SandQueue.Contracts;

/// <summary>
/// Score the episode so far. The answer is a number where <c>params.sparse</c> is true, else an object with <c>score</c>
/// and <c>provenance</c>.
/// </summary>
[MemoryPackable(GenerateType.VersionTolerant)]
public sealed partial record EvaluateInstance : InstanceCommand
{
    /// <summary>The caller's <c>messages</c>, the exact bytes of a JSON object; empty where there were none.</summary>
    [MemoryPackOrder(20)]
    public byte[] Messages { get; init; } = [];

    /// <summary>The caller's <c>params</c>, the exact bytes of a JSON object; empty where there were none.</summary>
    [MemoryPackOrder(21)]
    public byte[] Params { get; init; } = [];
}
