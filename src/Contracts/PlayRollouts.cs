using MemoryPack;

namespace SandQueue.Contracts;

/// <summary>
/// Leave to play rollouts of one batch, one after the other: a lane. Sent to <see cref="QueueNames.Rollouts"/>, where a worker with room takes it. It is
/// a hint alone: which rollouts there are and who has them is in the database, so that one too many finds nothing and one that is lost is sent again. There is no reply.
/// </summary>
[MemoryPackable(GenerateType.VersionTolerant)]
public sealed partial record PlayRollouts
{
    /// <summary>The batch's key in the database.</summary>
    [MemoryPackOrder(0)]
    public required long Batch { get; init; }
}
