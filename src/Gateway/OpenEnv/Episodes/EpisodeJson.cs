using System.Text.Json;
using SandQueue.Contracts;
using SandQueue.Gateway.Tools;

namespace SandQueue.Gateway.OpenEnv.Episodes;

/// <summary>Members that all observations have.</summary>
internal static class EpisodeJson
{
    /// <summary>What the environment says: as messages for a conversation, and as one text.</summary>
    public static void WriteSaid(Utf8JsonWriter writer, AnswerText answer)
    {
        writer.WriteStartArray("messages");
        foreach (var message in answer.Messages)
        {
            writer.WriteStartObject();
            writer.WriteString("role", message.Role);
            writer.WriteString("content", message.Content);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString("text", answer.Text);
    }

    /// <summary>The answer's <c>info</c>, as the journal has it.</summary>
    public static void WriteInfo(Utf8JsonWriter writer, byte[] answer)
    {
        using var document = ReadableJson.Parse(answer);
        writer.WritePropertyName("info");
        if (document.RootElement.TryGetProperty("info", out var info)) info.WriteTo(writer);
        else writer.WriteNullValue();
    }

    /// <summary>A step's answer: to a call of a tool also what it gave.</summary>
    /// <param name="writer">Where it is written.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="json">The same, as the journal has it.</param>
    /// <param name="tool">The tool that was called; null where none was.</param>
    public static void WriteStep(Utf8JsonWriter writer, AnswerText answer, byte[] json, string? tool)
    {
        if (tool is not null)
        {
            writer.WriteString("tool_name", tool);
            writer.WriteString("result", answer.CallResult);
            writer.WriteNull("error");
        }

        WriteSaid(writer, answer);
        if (answer.Step is { } number) writer.WriteNumber("step", number);
        writer.WriteString("end_reason", answer.EndReason);
        writer.WriteBoolean("truncated", answer.IsTruncated);
        WriteInfo(writer, json);
    }
}
