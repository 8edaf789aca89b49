namespace SandQueue.Client;

/// <summary>An instance has ended, whoever ended it. It may be told twice, with the same <paramref name="EpisodeId"/>.</summary>
/// <param name="InstanceId">Its name.</param>
/// <param name="EpisodeId">The key of its episode: a name may be used again once its instance has ended.</param>
/// <param name="EnvType">The environment.</param>
/// <param name="TaskId">The task.</param>
/// <param name="State"><c>released</c>, <c>lost</c>, <c>diverged</c>, or <c>failed</c> where its create did not complete.</param>
/// <param name="Steps">How many steps its episode has.</param>
/// <param name="EndReason">Why its episode ended; null where it had not.</param>
/// <param name="EndedAt">When.</param>
/// <param name="Detail">Why, one line; null where that is not said.</param>
public sealed record InstanceEnded(
    string InstanceId, long EpisodeId, string EnvType, string TaskId, string State, int Steps, string? EndReason, DateTimeOffset EndedAt, string? Detail = null) : SandQueueEvent;
