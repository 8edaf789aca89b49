using System.Text.Json;

namespace SandQueue.Dashboard.Episodes;

/// <summary>Reads messages in whatever form agents and environments give them; what is no message is shown as the JSON it is.</summary>
internal static class MessageReading
{
    /// <param name="message">A message, or a text.</param>
    /// <param name="role">The role of one that has none.</param>
    /// <param name="longest">Characters of a text that are kept.</param>
    public static ChatMessage Read(JsonElement message, string role, int longest)
    {
        if (message.ValueKind != JsonValueKind.Object) return Of(role, Content(message), [], null, longest);
        if (!message.TryGetProperty("content", out var content) && !message.TryGetProperty("tool_calls", out _)) return Of(role, message.GetRawText(), [], null, longest);
        return Of(Text(message, "role") ?? role, Content(content), [.. Calls(message, longest)], Text(message, "tool_call_id"), longest);
    }

    public static IEnumerable<ChatMessage> ReadAll(JsonElement messages, string role, int longest) =>
        messages.ValueKind == JsonValueKind.Array ? messages.EnumerateArray().Select(message => Read(message, role, longest)) : [];

    public static string? Text(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static ChatMessage Of(string role, string text, IReadOnlyList<ToolCall> calls, string? call, int longest) => new(role, Beginning(text, longest), text.Length, calls, call);

    private static string Beginning(string text, int longest) => Contracts.OneLine.Beginning(text, longest);

    private static string Content(JsonElement content) => content.ValueKind switch
    {
        JsonValueKind.String => content.GetString()!,
        JsonValueKind.Null or JsonValueKind.Undefined => "",
        JsonValueKind.Array => string.Join('\n', content.EnumerateArray().Select(part => Text(part, "text") ?? part.GetRawText())),
        _ => content.GetRawText(),
    };

    private static IEnumerable<ToolCall> Calls(JsonElement message, int longest)
    {
        if (!message.TryGetProperty("tool_calls", out var calls) || calls.ValueKind != JsonValueKind.Array) yield break;
        foreach (var call in calls.EnumerateArray())
        {
            var function = call.ValueKind == JsonValueKind.Object && call.TryGetProperty("function", out var nested) ? nested : call;
            var arguments = function.ValueKind == JsonValueKind.Object && function.TryGetProperty("arguments", out var given) ? Content(given) : "";
            yield return new ToolCall(Text(function, "name") ?? "?", Beginning(arguments, longest));
        }
    }
}
