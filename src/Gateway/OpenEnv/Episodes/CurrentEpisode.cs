using System.Text.Json;
using SandQueue.Contracts;
using SandQueue.Gateway.Catalogue;
using SandQueue.Gateway.Tools;

namespace SandQueue.Gateway.OpenEnv.Episodes;

/// <summary>The episode that a connection plays: where it stands, as far as the connection has seen.</summary>
/// <param name="instanceId">The instance.</param>
/// <param name="environment">The environment.</param>
/// <param name="taskId">The task.</param>
/// <param name="reset">What was asked for.</param>
/// <param name="seed">The seed, given or drawn; null where the task was named and no seed was.</param>
/// <param name="opening">What the Create answered.</param>
internal sealed class CurrentEpisode(string instanceId, string environment, string taskId, ResetRequest reset, long? seed, byte[] opening)
{
    public string InstanceId => instanceId;

    /// <summary>It goes on when its connection has ended.</summary>
    public bool IsDurable => reset.InstanceId is not null;

    public OfferedTools Tools { get; set; } = OfferedTools.Of(opening);

    /// <summary>The steps that were taken.</summary>
    public int Steps { get; private set; }

    /// <summary>What the last step answered; null where none was taken.</summary>
    public AnswerText? Last { get; private set; }

    /// <summary>The same, as the journal has it.</summary>
    public byte[]? LastAnswer { get; private set; }

    /// <summary>What its evaluation answered once it was over; null before, and where there is none.</summary>
    public JsonElement? Evaluation { get; set; }

    public bool IsDone => Last?.IsTerminated == true;

    /// <summary>Goes on with the answer of a step; one that was sent again is not the last.</summary>
    public void Take(AnswerText answer, byte[] json)
    {
        if (answer.Step is not { } number || number <= Steps) return;
        (Steps, Last, LastAnswer, Tools) = (number, answer, json, Tools.After(json));
    }

    /// <summary>Writes where it stands.</summary>
    public void WriteState(Utf8JsonWriter writer)
    {
        writer.WriteString("episode_id", reset.EpisodeId ?? instanceId);
        writer.WriteNumber("step_count", Steps);
        writer.WriteString("instance_id", instanceId);
        writer.WriteString("env_type", environment);
        writer.WriteString("task_id", taskId);
        if (seed is { } number) writer.WriteNumber("seed", number);
        else writer.WriteNull("seed");
        writer.WriteBoolean("done", IsDone);
        writer.WriteString("end_reason", Last?.EndReason);
        writer.WriteBoolean("truncated", Last?.IsTruncated == true);
        EpisodeScore.Write(writer, Evaluation);
        using var document = ReadableJson.Parse(opening);
        writer.WritePropertyName("provenance");
        if (document.RootElement.TryGetProperty("info", out var info) && info.ValueKind == JsonValueKind.Object && info.TryGetProperty("provenance", out var provenance)) provenance.WriteTo(writer);
        else writer.WriteNullValue();
    }

    /// <summary>Writes what the environment said when the instance was made.</summary>
    public void WriteOpening(Utf8JsonWriter writer)
    {
        EpisodeJson.WriteSaid(writer, AnswerText.Of(opening));
        writer.WriteString("instance_id", instanceId);
        writer.WriteString("task_id", taskId);
        writer.WriteNumber("step", 0);
        EpisodeJson.WriteInfo(writer, opening);
    }
}
