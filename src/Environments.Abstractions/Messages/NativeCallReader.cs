using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Abstractions.Json;

namespace SandQueue.Environments.Abstractions.Messages;

/// <summary>
/// Reads a message's <c>tool_calls</c>. A call comes nested, <c>{"id", "type": "function", "function": {"name", "arguments"}}</c>,
/// as OpenAI sends it, or flat, <c>{"id", "name", "arguments"}</c>. What is no call at all is read as a call with a mistake.
/// </summary>
internal static class NativeCallReader
{
    private const string Form = "write {\"id\": …, \"type\": \"function\", \"function\": {\"name\": …, \"arguments\": …}}";

    public static IReadOnlyList<NativeToolCall> Read(JsonElement calls)
    {
        switch (calls.ValueKind)
        {
            case JsonValueKind.Null or JsonValueKind.Undefined: return [];
            case JsonValueKind.Array: break;
            case JsonValueKind.Object: return [Call(calls, 0)];
            case JsonValueKind.String when string.IsNullOrWhiteSpace(calls.Text()): return [];
            default: return [Broken("call_0", $"tool_calls must be a list of calls, not {calls.Shown()}")];
        }

        var read = new List<NativeToolCall>(calls.GetArrayLength());
        foreach (var call in calls.EnumerateArray()) read.Add(Call(call, read.Count));
        return read;
    }

    private static NativeToolCall Call(JsonElement call, int index)
    {
        if (call.ValueKind != JsonValueKind.Object) return Broken(MadeUp(index), $"a call is an object, not {call.Shown()}; {Form}");

        var id = Id(call, index);
        var function = call.TryGetMember("function", out var nested) && nested.ValueKind == JsonValueKind.Object ? nested : call;
        if (!function.TryGetMember("name", out var name) || name.ValueKind == JsonValueKind.Null)
        {
            return Broken(id, $"the call has no function name; {Form}");
        }

        return name.ValueKind == JsonValueKind.String
            ? new NativeToolCall(id, name.Text(), Arguments(function))
            : Broken(id, $"\"name\" must be the name of a function, not {name.Shown()}; {Form}");
    }

    // Some servers number their calls; the answer carries the number as text.
    private static string Id(JsonElement call, int index) => call.TryGetMember("id", out var id)
        ? id.ValueKind switch
        {
            JsonValueKind.String => id.Text(),
            JsonValueKind.Number => id.GetRawText(),
            _ => MadeUp(index),
        }
        : MadeUp(index);

    private static string MadeUp(int index) => string.Create(CultureInfo.InvariantCulture, $"call_{index}");

    /// <summary>OpenAI sends the arguments as a string of JSON; many trainers send the object itself.</summary>
    private static string Arguments(JsonElement function)
    {
        if (!function.TryGetMember("arguments", out var arguments) || arguments.ValueKind == JsonValueKind.Null) return "{}";
        return arguments.ValueKind == JsonValueKind.String ? arguments.Text() : Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(arguments));
    }

    private static NativeToolCall Broken(string id, string mistake) => new(id, "", "") { Mistake = mistake };
}
