using System.Text.Json;
using SandQueue.Hosting.Settings;
using SandQueue.Workers.Answers;

namespace SandQueue.Workers.Protocols.Messages;

/// <summary>
/// Reads a message's <c>content</c>: a string, null, or a list of parts, whose text is that of its text parts
/// (<c>{"type": "text", "text": …}</c>, and the Responses API's <c>input_text</c> and <c>output_text</c>) without
/// anything between them.
/// </summary>
internal static class MessageContent
{
    public static string Read(JsonElement content) => content.ValueKind switch
    {
        JsonValueKind.String => JsonText.Read(content),
        JsonValueKind.Array => string.Concat(content.EnumerateArray().Select(part => part.ValueKind == JsonValueKind.String ? JsonText.Read(part) : Part(part))),
        JsonValueKind.Object => Part(content),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => content.GetRawText(),
        _ => "",
    };

    /// <summary>Pictures, sounds, thoughts and refusals are parts of other types.</summary>
    private static string Part(JsonElement part) =>
        part.ValueKind == JsonValueKind.Object && IsText(part) && part.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String ? JsonText.Read(text) : "";

    private static bool IsText(JsonElement part) =>
        !part.TryGetProperty("type", out var type)
        || type.ValueKind == JsonValueKind.Null
        || (type.ValueKind == JsonValueKind.String && JsonText.Read(type) is "text" or "input_text" or "output_text");
}
