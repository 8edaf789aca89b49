using MemoryPack;

namespace SandQueue.Contracts;

/// <summary>The episode that another one was forked from.</summary>
/// <param name="EpisodeId">Its key.</param>
/// <param name="Step">How many of its steps were played again: the fork goes on behind that one.</param>
[MemoryPackable(GenerateType.VersionTolerant)]
public sealed partial record EpisodeParent([property: MemoryPackOrder(0)] long EpisodeId, [property: MemoryPackOrder(1)] int Step);
