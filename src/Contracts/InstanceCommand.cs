using MemoryPack;

namespace SandQueue.Contracts;

/// <summary>A command for one live instance, which its owner executes.</summary>
public abstract record InstanceCommand : Command
{
    /// <summary>The tenant's name for the instance.</summary>
    [MemoryPackOrder(10)]
    public required string InstanceId { get; init; }

    /// <summary>How often workers have forwarded the command to another; two is the limit.</summary>
    [MemoryPackOrder(11)]
    public int Forwards { get; init; }
}
