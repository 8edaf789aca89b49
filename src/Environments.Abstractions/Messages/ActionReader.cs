using System.Text.Json;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Abstractions.Json;

namespace SandQueue.Environments.Abstractions.Messages;

/// <summary>
/// Reads the assistant message of a step as model servers send it: its text, its native tool calls, both, or neither.
/// Servers send a message with neither where a thought used up the tokens or the model refused; it is an empty text.
/// What is odd inside of a message is the agent's doing and becomes a call with a mistake, never an error.
/// </summary>
public static class ActionReader
{
    /// <summary>Reads a message. What it means is read by <see cref="AgentMessage.Read"/>.</summary>
    /// <param name="message">The request's <c>messages</c>.</param>
    /// <exception cref="InvalidRequestException">There is no message, or one without members: that is the caller's mistake.</exception>
    public static AgentAction Read(JsonElement message)
    {
        if (message.ValueKind != JsonValueKind.Object || message.GetPropertyCount() == 0)
        {
            throw new InvalidRequestException("a step needs the assistant's message as messages: {\"role\": \"assistant\", \"content\": …}");
        }

        return new AgentAction(
            message.TryGetMember("content", out var content) ? MessageContent.Read(content) : "",
            message.TryGetMember("tool_calls", out var calls) ? NativeCallReader.Read(calls) : []);
    }
}
