using MemoryPack;

namespace SandQueue.Contracts;

/// <summary>Replies that were ready together, for one sender.</summary>
[MemoryPackable(GenerateType.VersionTolerant)]
public sealed partial record CommandReplies
{
    /// <summary>The replies, in the order they became ready.</summary>
    [MemoryPackOrder(0)]
    public required IReadOnlyList<CommandReply> Replies { get; init; }
}
