namespace SandQueue.Client;

/// <summary>An instance of yours, living or ended, as a list shows it.</summary>
/// <param name="InstanceId">Its name.</param>
/// <param name="EpisodeId">Its own key: a name may be used again once its instance has ended.</param>
/// <param name="EnvType">The environment.</param>
/// <param name="TaskId">The task.</param>
/// <param name="State"><c>creating</c>, <c>live</c>, <c>parked</c>, <c>released</c>, <c>lost</c>, <c>diverged</c> or <c>failed</c>.</param>
/// <param name="Steps">How many steps were taken.</param>
/// <param name="EndReason">Why the episode ended; null while it goes on.</param>
/// <param name="Recoveries">How often it was rebuilt from its journal.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="LastUsedAt">Its last command; older than the truth while it is live.</param>
/// <param name="EndedAt">When it was released, lost or found diverged; null while it lives.</param>
/// <param name="EndDetail">Why, one line; null while it lives.</param>
public sealed record InstanceSummary(
    string InstanceId,
    long EpisodeId,
    string EnvType,
    string TaskId,
    string State,
    int Steps,
    string? EndReason,
    int Recoveries,
    DateTimeOffset CreatedAt,
    DateTimeOffset LastUsedAt,
    DateTimeOffset? EndedAt,
    string? EndDetail);
