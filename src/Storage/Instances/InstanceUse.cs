namespace SandQueue.Storage.Instances;

/// <summary>An instance as its owner knew it last.</summary>
/// <param name="EpisodeId">Its key.</param>
/// <param name="Epoch">The owner's epoch.</param>
/// <param name="LastUsedAt">Its last use, in Unix milliseconds.</param>
public sealed record InstanceUse(long EpisodeId, int Epoch, long LastUsedAt);
