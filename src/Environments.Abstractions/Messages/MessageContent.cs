using System.Text;
using System.Text.Json;
using SandQueue.Environments.Abstractions.Json;

namespace SandQueue.Environments.Abstractions.Messages;

/// <summary>
/// Reads a message's <c>content</c>: a string, null, or a list of parts, whose text is that of its text parts
/// (<c>{"type": "text", "text": …}</c>, and the Responses API's <c>input_text</c> and <c>output_text</c>) without
/// anything between them.
/// </summary>
internal static class MessageContent
{
    public static string Read(JsonElement content) => content.ValueKind switch
    {
        JsonValueKind.String => content.Text(),
        JsonValueKind.Array => Joined(content),
        JsonValueKind.Object => Part(content),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => content.GetRawText(),
        _ => "",
    };

    private static string Joined(JsonElement parts)
    {
        var text = new StringBuilder();
        foreach (var part in parts.EnumerateArray())
        {
            text.Append(part.ValueKind switch
            {
                JsonValueKind.String => part.Text(),
                JsonValueKind.Object => Part(part),
                _ => "",
            });
        }

        return text.ToString();
    }

    // Pictures, sounds, thoughts and refusals are parts of other types.
    private static string Part(JsonElement part) =>
        IsText(part) && part.TryGetMember("text", out var text) && text.ValueKind == JsonValueKind.String ? text.Text() : "";

    private static bool IsText(JsonElement part) =>
        !part.TryGetMember("type", out var type)
        || type.ValueKind == JsonValueKind.Null
        || (type.ValueKind == JsonValueKind.String && type.Text() is "text" or "input_text" or "output_text");
}
