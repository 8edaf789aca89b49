using SandQueue.Dashboard.Pages;

namespace SandQueue.Dashboard.Episodes;

internal sealed record InstancePage(IReadOnlyList<InstanceRow> Instances, string? NextCursor);

internal sealed record InstanceRow(
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
    string? EndDetail,
    EpisodeParent? Parent)
{
    public string Link => PageLinks.Episode(InstanceId, EpisodeId);
}

internal sealed record EpisodeParent(long EpisodeId, int Step);
