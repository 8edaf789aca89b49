using MemoryPack;

namespace SandQueue.Contracts;

/// <summary>The episode that another one was forked from.</summary>
/// <param name="EpisodeId">Its key.</param>
/// <param name="Step">How many of its steps were played again: the fork goes on behind that one.</param>
[MemoryPackable]
public sealed partial record EpisodeParent(long EpisodeId, int Step);
