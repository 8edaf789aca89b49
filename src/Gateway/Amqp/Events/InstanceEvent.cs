using System.Text.Json.Serialization;
using SandQueue.Contracts;
using SandQueue.Storage.Instances;

namespace SandQueue.Gateway.Amqp.Events;

/// <summary>The end of an instance as the JSON object of its event.</summary>
internal sealed record InstanceEvent
{
    public required string InstanceId { get; init; }

    public required long EpisodeId { get; init; }

    public required string EnvType { get; init; }

    public required string TaskId { get; init; }

    /// <summary><c>released</c>, <c>lost</c>, <c>diverged</c> or <c>failed</c>.</summary>
    public required string State { get; init; }

    /// <summary>Steps that its episode has.</summary>
    public required int Steps { get; init; }

    /// <summary>Why its episode ended; null where it had not.</summary>
    public required string? EndReason { get; init; }

    public required DateTimeOffset EndedAt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public required string? Detail { get; init; }

    public static InstanceEvent Of(EndedInstance ended) => new()
    {
        InstanceId = ended.InstanceId,
        EpisodeId = ended.EpisodeId,
        EnvType = ended.EnvType,
        TaskId = ended.TaskId,
        State = Name(ended),
        Steps = ended.NextStep - 1,
        EndReason = ended.EndReason,
        EndedAt = DateTimeOffset.FromUnixTimeMilliseconds(ended.EndedAt),
        Detail = ended.Detail is { } detail ? OneLine.Of(detail) : null,
    };

    /// <summary>The name of its state, for the event and its routing key.</summary>
    public static string Name(EndedInstance ended)
    {
        ArgumentNullException.ThrowIfNull(ended);
        return ended.State.ToString().ToLowerInvariant();
    }
}
