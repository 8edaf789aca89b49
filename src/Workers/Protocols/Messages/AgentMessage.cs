using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;

namespace SandQueue.Workers.Protocols.Messages;

/// <summary>The assistant message of a step, for protocols whose servers know no messages.</summary>
/// <param name="Content">Its text; empty where it has only tool calls.</param>
/// <param name="ToolCalls">Its native tool calls, in order.</param>
internal sealed record AgentMessage(string Content, IReadOnlyList<AgentToolCall> ToolCalls)
{
    /// <exception cref="EnvironmentRejectedException">It is no message: that is the caller's mistake, not the agent's.</exception>
    public static AgentMessage Read(ReadOnlyMemory<byte> action)
    {
        try
        {
            using var document = JsonDocument.Parse(action.IsEmpty ? "{}"u8.ToArray() : action);
            return Read(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new EnvironmentRejectedException($"the action cannot be read: {exception.Message}");
        }
    }

    private static AgentMessage Read(JsonElement message)
    {
        if (message.ValueKind != JsonValueKind.Object || message.GetPropertyCount() == 0)
        {
            throw new EnvironmentRejectedException("a step needs the assistant's message as messages: {\"role\": \"assistant\", \"content\": …}");
        }

        var calls = Given(message, "tool_calls") is { } given ? ReadCalls(given) : [];
        if (Given(message, "content") is not { } content)
        {
            return calls.Count > 0 ? new AgentMessage("", calls) : throw new EnvironmentRejectedException("the action has neither content nor tool_calls");
        }

        return content.ValueKind == JsonValueKind.String
            ? new AgentMessage(JsonText.Read(content), calls)
            : throw new EnvironmentRejectedException("the action's content must be a string");
    }

    private static List<AgentToolCall> ReadCalls(JsonElement calls)
    {
        if (calls.ValueKind != JsonValueKind.Array) throw new EnvironmentRejectedException("the action's tool_calls must be an array");
        var read = new List<AgentToolCall>(calls.GetArrayLength());
        foreach (var call in calls.EnumerateArray()) read.Add(ReadCall(call, read.Count));
        return read;
    }

    private static AgentToolCall ReadCall(JsonElement call, int index)
    {
        if (call.ValueKind != JsonValueKind.Object || Given(call, "function") is not { ValueKind: JsonValueKind.Object } function
            || Given(function, "name") is not { ValueKind: JsonValueKind.String } name)
        {
            throw new EnvironmentRejectedException(string.Create(
                CultureInfo.InvariantCulture, $"tool_calls[{index}] must be {{\"id\": …, \"type\": \"function\", \"function\": {{\"name\": …, \"arguments\": …}}}}"));
        }

        var id = Given(call, "id") is { ValueKind: JsonValueKind.String } given ? JsonText.Read(given) : string.Create(CultureInfo.InvariantCulture, $"call_{index}");
        return new AgentToolCall(id, JsonText.Read(name), Arguments(Given(function, "arguments")));
    }

    /// <summary>OpenAI sends the arguments as a string of JSON; many trainers send the object itself.</summary>
    private static string Arguments(JsonElement? arguments) => arguments switch
    {
        null => "{}",
        { ValueKind: JsonValueKind.String } text => JsonText.Read(text),
        { } json => Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(json)),
    };

    private static JsonElement? Given(JsonElement members, string name) =>
        members.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}

/// <summary>One entry of a message's <c>tool_calls</c>.</summary>
/// <param name="Id">The <c>tool_call_id</c> of its answer; <c>call_0</c>, <c>call_1</c>, … where the caller gave none.</param>
/// <param name="Name">The function's name as the agent wrote it.</param>
/// <param name="Arguments">The arguments as the agent wrote them: JSON, or broken.</param>
internal sealed record AgentToolCall(string Id, string Name, string Arguments);
