using MemoryPack;

namespace SandQueue.Contracts;

/// <summary>
/// A gateway tells an instance's owner that a step's caller was gone before its answer could be written. The next identical
/// step that comes without an id and without a number gets that answer. There is no reply.
/// </summary>
[MemoryPackable(GenerateType.VersionTolerant)]
public sealed partial record ResponseUndelivered
{
    /// <summary>The caller the instance belongs to.</summary>
    [MemoryPackOrder(0)]
    public required string Tenant { get; init; }

    /// <summary>The instance.</summary>
    [MemoryPackOrder(1)]
    public required string InstanceId { get; init; }

    /// <summary>The step whose answer nobody took.</summary>
    [MemoryPackOrder(2)]
    public required string CommandId { get; init; }
}
