using SandQueue.Storage.Model;

namespace SandQueue.Storage.Journal;

/// <summary>An episode without its entries. Times are Unix milliseconds, UTC.</summary>
/// <param name="EpisodeId">Our own key.</param>
/// <param name="InstanceId">The caller's name of its instance.</param>
/// <param name="EnvType">The environment.</param>
/// <param name="TaskId">The task.</param>
/// <param name="Params">The Create's <c>params</c>, byte for byte.</param>
/// <param name="State">How its instance ended.</param>
/// <param name="MaxSteps">Steps the caller allowed; null for no limit.</param>
/// <param name="EndReason">Why the episode ended; null where it did not before its instance.</param>
/// <param name="EndDetail">Why its instance ended, one line.</param>
/// <param name="ImageDigest">The image it was begun on; null where that is unknown.</param>
/// <param name="CreatedAt">When it began.</param>
/// <param name="EndedAt">When its instance ended.</param>
/// <param name="Reward">The score of its last evaluation; null where it had none after its last step, or its instance was not released.</param>
public sealed record EpisodeHead(
    long EpisodeId,
    string InstanceId,
    string EnvType,
    string TaskId,
    byte[] Params,
    InstanceState State,
    int? MaxSteps,
    string? EndReason,
    string? EndDetail,
    string? ImageDigest,
    long CreatedAt,
    long EndedAt,
    double? Reward);
