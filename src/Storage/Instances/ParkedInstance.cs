namespace SandQueue.Storage.Instances;

/// <summary>An idle instance whose owner gave it up.</summary>
/// <param name="EpisodeId">The instance's key.</param>
/// <param name="Epoch">Its epoch, which must still be its row's.</param>
/// <param name="LastUsedAt">Its last use, in Unix milliseconds, which only its owner knew.</param>
public sealed record ParkedInstance(long EpisodeId, int Epoch, long LastUsedAt);
