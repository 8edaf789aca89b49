namespace SandQueue.Rollouts.Episodes;

/// <summary>An episode that was imported.</summary>
/// <param name="Line">Its line in the file, from 1.</param>
/// <param name="EpisodeId">Its key here.</param>
/// <param name="InstanceId">The name of its instance here, made of what is in it.</param>
/// <param name="IsNew">Whether it was stored now; else it was there.</param>
public sealed record ImportedEpisode(long Line, long EpisodeId, string InstanceId, bool IsNew);
