using MemoryPack;

namespace SandQueue.Contracts;

/// <summary>Milliseconds a command spent at its worker.</summary>
/// <param name="Waiting">Behind other commands of its instance, or for a slot.</param>
/// <param name="Environment">In the environment.</param>
/// <param name="Journal">Until the journal's commit.</param>
[MemoryPackable(GenerateType.VersionTolerant)]
public sealed partial record CommandTiming(
    [property: MemoryPackOrder(0)] double Waiting, [property: MemoryPackOrder(1)] double Environment, [property: MemoryPackOrder(2)] double Journal);
