using SandQueue.Storage.Model;

namespace SandQueue.Storage.Instances;

/// <summary>The end of an instance, for those who listen.</summary>
/// <param name="EpisodeId">The instance's key, which no other has.</param>
/// <param name="Tenant">Whose it was.</param>
/// <param name="InstanceId">The tenant's name for it.</param>
/// <param name="EnvType">Its environment.</param>
/// <param name="TaskId">Its task.</param>
/// <param name="State">How it ended.</param>
/// <param name="NextStep">The number that its next step would have had.</param>
/// <param name="EndReason">Why its episode ended; null where it had not.</param>
/// <param name="EndedAt">When, in Unix milliseconds.</param>
/// <param name="Detail">Why, one line for people.</param>
public sealed record EndedInstance(
    long EpisodeId,
    string Tenant,
    string InstanceId,
    string EnvType,
    string TaskId,
    InstanceState State,
    int NextStep,
    string? EndReason,
    long EndedAt,
    string? Detail);
