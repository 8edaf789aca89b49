using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using SandQueue.Environments.Episodes;
using SandQueue.Environments.Json;

namespace SandQueue.Environments.Serving;

/// <summary>Reads the assistant message of a step: text, native tool calls in OpenAI's form, or both.</summary>
internal static class ActionReader
{
    /// <exception cref="InvalidRequestException">It is not a message: that is the caller's mistake, not the agent's.</exception>
    public static AgentAction Read(JsonElement message)
    {
        if (message.ValueKind != JsonValueKind.Object || !message.EnumerateObject().Any())
        {
            throw new InvalidRequestException("a step needs the assistant's message as messages: {\"role\": \"assistant\", \"content\": …}");
        }

        var calls = ToolCalls(message);
        var content = Content(message);
        if (content is null && calls.Count == 0)
        {
            throw new InvalidRequestException("the action has neither content nor tool_calls");
        }

        return new AgentAction(content ?? "", calls);
    }

    private static string? Content(JsonElement message)
    {
        if (!message.TryGetMember("content", out var content) || content.ValueKind == JsonValueKind.Null) return null;
        return content.ValueKind == JsonValueKind.String
            ? content.Text()
            : throw new InvalidRequestException($"the action's content must be a string, not {content.Shown()}");
    }

    private static List<NativeToolCall> ToolCalls(JsonElement message)
    {
        if (!message.TryGetMember("tool_calls", out var calls) || calls.ValueKind == JsonValueKind.Null) return [];
        if (calls.ValueKind != JsonValueKind.Array) throw new InvalidRequestException($"the action's tool_calls must be an array, not {calls.Shown()}");

        var read = new List<NativeToolCall>(calls.GetArrayLength());
        foreach (var call in calls.EnumerateArray()) read.Add(ToolCall(call, read.Count));
        return read;
    }

    private static NativeToolCall ToolCall(JsonElement call, int index)
    {
        var where = string.Create(CultureInfo.InvariantCulture, $"tool_calls[{index}]");
        if (call.ValueKind != JsonValueKind.Object
            || !call.TryGetMember("function", out var function)
            || function.ValueKind != JsonValueKind.Object
            || !function.TryGetMember("name", out var name)
            || name.ValueKind != JsonValueKind.String)
        {
            throw new InvalidRequestException(
                $"{where} must be {{\"id\": …, \"type\": \"function\", \"function\": {{\"name\": …, \"arguments\": …}}}}");
        }

        var id = call.TryGetMember("id", out var given) && given.ValueKind == JsonValueKind.String
            ? given.Text()
            : string.Create(CultureInfo.InvariantCulture, $"call_{index}");
        return new NativeToolCall(id, name.Text(), Arguments(function));
    }

    /// <summary>OpenAI sends the arguments as a string of JSON; many trainers send the object itself.</summary>
    private static string Arguments(JsonElement function)
    {
        if (!function.TryGetMember("arguments", out var arguments) || arguments.ValueKind == JsonValueKind.Null) return "{}";
        return arguments.ValueKind == JsonValueKind.String ? arguments.Text() : Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(arguments));
    }
}
