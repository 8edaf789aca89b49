using SandQueue.Storage.Model;

namespace SandQueue.Storage.Instances;

/// <summary>An instance without its <c>params</c>, which are most of a row's bytes. Times are Unix milliseconds, UTC.</summary>
/// <param name="EpisodeId">Its key; a later instance has a higher one.</param>
/// <param name="InstanceId">The caller's name for it.</param>
/// <param name="EnvType">The environment.</param>
/// <param name="TaskId">The task.</param>
/// <param name="State">Where it is in its life.</param>
/// <param name="NextStep">The number of the next step, from 1.</param>
/// <param name="EndReason">Why the episode ended; null while it goes on.</param>
/// <param name="Recoveries">How often it was rebuilt from its journal.</param>
/// <param name="CreatedAt">When its row was made.</param>
/// <param name="LastUsedAt">The last command; older than the truth while it has a living owner.</param>
/// <param name="EndedAt">When it ended; null while it lives.</param>
/// <param name="EndDetail">Why it ended, one line for people.</param>
/// <param name="ParentEpisode">The episode that it was forked from; null where it was not.</param>
/// <param name="ParentStep">The number of the step that it goes on behind; null where it has no parent.</param>
public sealed record InstanceSummary(
    long EpisodeId,
    string InstanceId,
    string EnvType,
    string TaskId,
    InstanceState State,
    int NextStep,
    string? EndReason,
    int Recoveries,
    long CreatedAt,
    long LastUsedAt,
    long? EndedAt,
    string? EndDetail,
    long? ParentEpisode,
    int? ParentStep);
