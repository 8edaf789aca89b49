using System.Buffers;
using System.Text;
using System.Text.Json;
using SandQueue.Contracts;
using SandQueue.Gateway.Catalogue;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Ors.Answers;
using SandQueue.Gateway.Tools;

namespace SandQueue.Gateway.Ors.Calls;

/// <summary>
/// What a call gave, as JSON in ASCII: clients differ in which characters end a line. A call without an answer says why, with <c>ok</c> false, and has no reward.
/// </summary>
internal static class CallResult
{
    /// <param name="answer">The answer.</param>
    /// <param name="json">The same, as the journal has it.</param>
    /// <param name="evaluation">What the episode was evaluated as; null while it goes on.</param>
    public static string Of(AnswerText answer, byte[] json, JsonElement? evaluation) => Write(writer =>
    {
        writer.WriteBoolean("ok", true);
        writer.WriteStartObject("output");
        writer.WriteStartArray("blocks");
        TextBlock.Write(writer, answer.CallResult, role: null);
        writer.WriteEndArray();
        writer.WriteStartObject("metadata");
        if (answer.Step is { } step) writer.WriteNumber("step", step);
        writer.WriteString("end_reason", answer.EndReason);
        writer.WriteBoolean("truncated", answer.IsTruncated);
        if (answer.IsTerminated) EpisodeScore.Write(writer, evaluation);
        using var document = ReadableJson.Parse(json);
        if (document.RootElement.TryGetProperty("info", out var info))
        {
            writer.WritePropertyName("info");
            info.WriteTo(writer);
        }

        writer.WriteEndObject();
        if (answer.Reward is { } reward) writer.WriteNumber("reward", reward);
        else writer.WriteNull("reward");
        writer.WriteBoolean("finished", answer.IsTerminated);
        writer.WriteEndObject();
    });

    /// <summary>A call that has no answer.</summary>
    public static string Error(string detail, CommandReason reason) => Error(detail, OutcomeNames.Reason(reason));

    /// <inheritdoc cref="Error(string, CommandReason)" />
    public static string Error(string detail, string reason) => Write(writer =>
    {
        writer.WriteBoolean("ok", false);
        writer.WriteString("error", $"{OneLine.Of(detail)} ({reason})");
    });

    /// <summary>The encoder that is used where none is named leaves nothing but ASCII.</summary>
    private static string Write(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return Encoding.ASCII.GetString(buffer.WrittenSpan);
    }
}
