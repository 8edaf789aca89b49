using MemoryPack;

namespace SandQueue.Contracts;

/// <summary>
/// Say what the agent can do now (<c>get_info</c>): the tools as text, or what the environment defines. Not journaled.
/// </summary>
[MemoryPackable(GenerateType.VersionTolerant)]
public sealed partial record DescribeInstance : InstanceCommand
{
    /// <summary>The caller's <c>messages</c>, the exact bytes of a JSON object; empty where there were none.</summary>
    [MemoryPackOrder(20)]
    public byte[] Messages { get; init; } = [];

    /// <summary>The caller's <c>params</c>, the exact bytes of a JSON object; empty where there were none.</summary>
    [MemoryPackOrder(21)]
    public byte[] Params { get; init; } = [];
}
