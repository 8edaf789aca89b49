using System.Text.Json;
using SandQueue.Hosting.Settings;
using SandQueue.Workers.Abstractions;

namespace SandQueue.Workers.Protocols.Messages;

/// <summary>
/// The assistant message of a step as model servers send it, for protocols whose servers know no messages. It is read as
/// our own environment server reads it. What is odd inside of it is the agent's doing and never an error.
/// </summary>
/// <param name="Content">Its text without thoughts; empty where there is none, as when a thought used up the tokens.</param>
/// <param name="ToolCalls">Its native tool calls, in order.</param>
internal sealed record AgentMessage(string Content, IReadOnlyList<AgentToolCall> ToolCalls)
{
    /// <summary>Deeper than the 64 levels that arguments may have: those are refused where they are read, as an observation.</summary>
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 1024 };

    /// <exception cref="EnvironmentRejectedException">It is no message: that is the caller's mistake, not the agent's.</exception>
    public static AgentMessage Read(ReadOnlyMemory<byte> action)
    {
        try
        {
            using var document = JsonDocument.Parse(action.IsEmpty ? "{}"u8.ToArray() : action, Deep);
            return Read(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new EnvironmentRejectedException($"the action cannot be read: {exception.Message}");
        }
    }

    /// <summary>Its calls: the native ones, or those that its text has in <c>&lt;tool_call&gt;</c> blocks where there are none.</summary>
    public IReadOnlyList<AgentToolCall> ReadCalls() => ToolCalls.Count > 0 ? ToolCalls : WrittenCalls.Read(Content);

    private static AgentMessage Read(JsonElement message) =>
        message.ValueKind == JsonValueKind.Object && message.GetPropertyCount() > 0
            ? new AgentMessage(
                message.TryGetProperty("content", out var content) ? Thoughts.Cut(MessageContent.Read(content)) : "",
                message.TryGetProperty("tool_calls", out var calls) ? NativeCalls.Read(calls) : [])
            : throw new EnvironmentRejectedException("a step needs the assistant's message as messages: {\"role\": \"assistant\", \"content\": …}");
}
