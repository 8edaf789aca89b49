namespace SandQueue.Storage.Instances;

/// <summary>An idle instance that no worker holds: its owner gave it up, or never held it.</summary>
/// <param name="EpisodeId">The instance's key.</param>
/// <param name="Epoch">Its epoch, which must still be its row's.</param>
/// <param name="LastUsedAt">Its last use, in Unix milliseconds; an owner that held it knows it better than its row.</param>
public sealed record ParkedInstance(long EpisodeId, int Epoch, long LastUsedAt);
