using System.ComponentModel;
using System.Text.Json;

namespace SandQueue.Gateway.RestV1.Episodes;

[Description("One line of the format episodes: a whole episode. The other formats have the members of their readers")]
internal sealed record ExportedEpisode(
    [property: Description("sandqueue.episode/1")] string Form,
    long EpisodeId,
    string InstanceId,
    string EnvType,
    string TaskId,
    string State,
    int? MaxSteps,
    string? EndReason,
    string? EndDetail,
    string? ImageDigest,
    DateTimeOffset CreatedAt,
    DateTimeOffset EndedAt,
    [property: Description("The score of its last evaluation; null where it had none after its last step, or its instance was not released")] double? Reward,
    [property: Description("What completed, in the order it took effect")] IReadOnlyList<Dictionary<string, JsonElement>> Entries,
    [property: Description("SHA-256 of the entries")] string Digest)
{
    [Description("The Create's params; missing where there were none")]
    public Dictionary<string, JsonElement>? Params { get; init; }
}

internal sealed record ImportAnswer(
    [property: Description("Episodes of the file")] long Episodes,
    [property: Description("How many of them were stored now; the others were there")] long Stored,
    [property: Description("The first 1000 of them")] IReadOnlyList<ImportAnswerLine> Imported);

internal sealed record ImportAnswerLine([property: Description("The line of the file, from 1")] long Line, long EpisodeId, string InstanceId, bool IsNew);
