using System.Text.Json;
using System.Text.Json.Nodes;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Json;

namespace SandQueue.Environments.Serving;

/// <summary>
/// Writes what the verbs answer. What every environment shares (the worker adds step numbers, limits and the image
/// digest) is written here, so that none of them can forget it.
/// </summary>
internal static class EpisodeWriter
{
    public static void WriteOpening(
        Utf8JsonWriter writer, Opening opening, EnvironmentDescription description, string instanceId, string taskId, long? seed)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("state");
        WriteMessage(writer, "system", opening.System);
        WriteMessage(writer, "user", opening.User);
        writer.WriteEndArray();
        writer.WriteStartObject("info");
        writer.WriteText("instance_id", instanceId);
        writer.WriteText("task_id", taskId);
        WriteMembers(writer, opening.Info);
        writer.WritePropertyName("tools");
        writer.WriteRawValue(opening.Tools.Span, skipInputValidation: true);
        WriteProvenance(writer, description, seed);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    public static void WriteStep(Utf8JsonWriter writer, StepResult result)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("state");
        WriteMessage(writer, result.Role, result.Observation);
        writer.WriteEndArray();
        writer.WritePropertyName("reward");
        writer.WriteFloat(result.Reward);
        writer.WriteBoolean("is_terminated", result.IsTerminated);
        writer.WriteStartObject("info");
        WriteMembers(writer, result.Info);
        if (result.ToolMessages.Count > 0) WriteToolMessages(writer, result.ToolMessages);
        if (result.EndReason is { } reason)
        {
            writer.WriteString("end_reason", reason);
            writer.WriteBoolean("truncated", result.IsTruncated);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    public static void WriteEvaluation(Utf8JsonWriter writer, Evaluation evaluation, bool sparse)
    {
        if (sparse)
        {
            writer.WriteFloat(evaluation.Score);
            return;
        }

        writer.WriteStartObject();
        writer.WritePropertyName("score");
        writer.WriteFloat(evaluation.Score);
        WriteMembers(writer, evaluation.Details);
        writer.WriteEndObject();
    }

    private static void WriteMessage(Utf8JsonWriter writer, string role, string content)
    {
        writer.WriteStartObject();
        writer.WriteString("role", role);
        writer.WriteText("content", content);
        writer.WriteEndObject();
    }

    private static void WriteToolMessages(Utf8JsonWriter writer, IReadOnlyList<ToolMessage> messages)
    {
        writer.WriteStartArray("tool_messages");
        foreach (var message in messages)
        {
            writer.WriteStartObject();
            writer.WriteString("role", "tool");
            writer.WriteText("tool_call_id", message.ToolCallId);
            writer.WriteText("name", message.Name);
            writer.WriteText("content", message.Content);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteProvenance(Utf8JsonWriter writer, EnvironmentDescription description, long? seed)
    {
        writer.WriteStartObject("provenance");
        writer.WriteString("environment", description.Name);
        writer.WriteString("environment_version", description.Version);
        writer.WriteString("data_hash", description.DataHash);
        writer.WriteString("scorer_version", description.ScorerVersion);
        writer.WriteString("prompt_version", description.PromptVersion);
        if (seed is { } number) writer.WriteNumber("seed", number);
        else writer.WriteNull("seed");
        writer.WriteEndObject();
    }

    private static void WriteMembers(Utf8JsonWriter writer, JsonObject? members)
    {
        if (members is null) return;
        foreach (var (name, value) in members)
        {
            writer.WritePropertyName(name);
            if (value is null) writer.WriteNullValue();
            else value.WriteTo(writer);
        }
    }
}
