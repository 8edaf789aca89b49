using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using SandQueue.Hosting.Settings;
using SandQueue.Workers.Answers;

namespace SandQueue.Workers.Protocols.Messages;

/// <summary>
/// Reads a message's <c>tool_calls</c>. A call comes nested, <c>{"id", "type": "function", "function": {"name", "arguments"}}</c>,
/// as OpenAI sends it, or flat, <c>{"id", "name", "arguments"}</c>. What is no call at all is read as a call with a mistake.
/// </summary>
internal static class NativeCalls
{
    private const string Form = "write {\"id\": …, \"type\": \"function\", \"function\": {\"name\": …, \"arguments\": …}}.";

    public static IReadOnlyList<AgentToolCall> Read(JsonElement calls) => calls.ValueKind switch
    {
        JsonValueKind.Null => [],
        JsonValueKind.Array => [.. calls.EnumerateArray().Select(ReadOne)],
        JsonValueKind.Object => [ReadOne(calls, 0)],
        JsonValueKind.String when string.IsNullOrWhiteSpace(JsonText.Read(calls)) => [],
        _ => [Broken(AgentToolCall.MadeUpId(0), "tool_calls must be a list of calls.")],
    };

    /// <summary>Reads one call, nested or flat.</summary>
    public static AgentToolCall ReadOne(JsonElement call, int index)
    {
        if (call.ValueKind != JsonValueKind.Object) return Broken(AgentToolCall.MadeUpId(index), $"A call must be an object: {Form}");
        var id = Id(call, index);
        var function = call.TryGetProperty("function", out var nested) && nested.ValueKind == JsonValueKind.Object ? nested : call;
        return function.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String
            ? new AgentToolCall(id, JsonText.Read(name), Arguments(function))
            : Broken(id, $"The call has no function name: {Form}");
    }

    /// <summary>Some servers number their calls; the answer carries the number as text.</summary>
    private static string Id(JsonElement call, int index) => call.TryGetProperty("id", out var id)
        ? id.ValueKind switch
        {
            JsonValueKind.String => JsonText.Read(id),
            JsonValueKind.Number => id.GetRawText(),
            _ => AgentToolCall.MadeUpId(index),
        }
        : AgentToolCall.MadeUpId(index);

    /// <summary>OpenAI sends the arguments as a string of JSON; many trainers send the object itself.</summary>
    private static string Arguments(JsonElement function)
    {
        if (!function.TryGetProperty("arguments", out var arguments) || arguments.ValueKind == JsonValueKind.Null) return "{}";
        return arguments.ValueKind == JsonValueKind.String ? JsonText.Read(arguments) : Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(arguments));
    }

    private static AgentToolCall Broken(string id, string mistake) => new(id, "", "") { Mistake = mistake };
}
