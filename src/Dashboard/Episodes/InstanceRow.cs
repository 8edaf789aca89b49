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
    public string Link => LinkOf(InstanceId, EpisodeId);

    public static string LinkOf(string instance, long? episode = null) => $"/ui/episode?id={Uri.EscapeDataString(instance)}{(episode is { } key ? $"&episode={key}" : "")}";
}

internal sealed record EpisodeParent(long EpisodeId, int Step);
