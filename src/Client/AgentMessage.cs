using System.Text.Json;
using System.Text.Json.Nodes;
using SandQueue.Client.Commands;

namespace SandQueue.Client;

/// <summary>
/// The agent's message, which a step takes. A string is its text. A <see cref="JsonElement"/> or <see cref="JsonObject"/> is the whole message, as the model's server gave it, native
/// tool calls included; it reaches the environment, and the journal, byte for byte.
/// </summary>
public sealed class AgentMessage
{
    private AgentMessage(ReadOnlyMemory<byte> json) => Json = json;

    /// <summary>The message as JSON.</summary>
    public ReadOnlyMemory<byte> Json { get; }

    /// <summary>A message with nothing but text. It may be empty: what an agent says is for its environment to judge.</summary>
    public static AgentMessage FromText(string content)
    {
        ArgumentNullException.ThrowIfNull(content);
        return new AgentMessage(CommandJson.Object(writer =>
        {
            writer.WriteString("role", "assistant");
            writer.WriteString("content", content);
        }));
    }

    /// <summary>A message as a model's server gave it.</summary>
    /// <param name="message">A JSON object with <c>content</c>, <c>tool_calls</c> or both.</param>
    /// <exception cref="ArgumentException">It is no object.</exception>
    public static AgentMessage FromJson(JsonElement message)
    {
        if (message.ValueKind != JsonValueKind.Object) throw new ArgumentException($"the agent's message is a JSON object, not {message.ValueKind}", nameof(message));
        return new AgentMessage(System.Text.Encoding.UTF8.GetBytes(message.GetRawText()));
    }

    /// <summary>A message as a model's server gave it.</summary>
    /// <param name="message">With <c>content</c>, <c>tool_calls</c> or both.</param>
    public static AgentMessage FromJson(JsonObject message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return new AgentMessage(System.Text.Encoding.UTF8.GetBytes(message.ToJsonString()));
    }

    /// <inheritdoc cref="FromText"/>
    public static implicit operator AgentMessage(string content) => FromText(content);

    /// <inheritdoc cref="FromJson(JsonElement)"/>
    public static implicit operator AgentMessage(JsonElement message) => FromJson(message);

    /// <inheritdoc cref="FromJson(JsonObject)"/>
    public static implicit operator AgentMessage(JsonObject message) => FromJson(message);
}
