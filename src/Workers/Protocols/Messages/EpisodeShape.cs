using System.Text.Json;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Abstractions.Messages;
using SandQueue.Workers.Answers;

namespace SandQueue.Workers.Protocols.Messages;

/// <summary>Writes what the environment service would have answered, for servers that answer something else.</summary>
internal static class EpisodeShape
{
    public static readonly ReadOnlyMemory<byte> NoTools = "[]"u8.ToArray();

    /// <param name="system">The first message.</param>
    /// <param name="user">The second.</param>
    /// <param name="tools">Function schemas, a JSON array.</param>
    /// <param name="provenance">Writes the member <c>provenance</c>.</param>
    public static ReadOnlyMemory<byte> Opening(string system, string user, ReadOnlyMemory<byte> tools, Action<Utf8JsonWriter> provenance) =>
        AnswerJson.Write(system.Length + user.Length + tools.Length + 512, writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("state");
            WriteMessage(writer, "system", system);
            WriteMessage(writer, "user", user);
            writer.WriteEndArray();
            writer.WriteStartObject("info");
            writer.WritePropertyName("tools");
            writer.WriteRawValue(tools.Span, skipInputValidation: true);
            provenance(writer);
            writer.WriteEndObject();
            writer.WriteEndObject();
        });

    public static ReadOnlyMemory<byte> Step(StepShape step) => AnswerJson.Write(step.Observation.Length + 256, writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("state");
        WriteMessage(writer, "user", step.Observation);
        writer.WriteEndArray();
        writer.WriteNumber("reward", step.Reward);
        writer.WriteBoolean("is_terminated", step.EndReason is not null);
        writer.WriteStartObject("info");
        if (step.Problem is { } problem) writer.WriteString("problem", problem);
        if (step.ToolMessages.Count > 0) WriteToolMessages(writer, step.ToolMessages);
        if (step.EndReason is { } reason) writer.WriteString("end_reason", reason);
        writer.WriteEndObject();
        writer.WriteEndObject();
    });

    private static void WriteMessage(Utf8JsonWriter writer, string role, string content)
    {
        writer.WriteStartObject();
        writer.WriteString("role", role);
        writer.WriteString("content", content);
        writer.WriteEndObject();
    }

    private static void WriteToolMessages(Utf8JsonWriter writer, IReadOnlyList<ToolMessage> messages)
    {
        writer.WriteStartArray("tool_messages");
        foreach (var message in messages)
        {
            writer.WriteStartObject();
            writer.WriteString("role", "tool");
            writer.WriteString("tool_call_id", message.ToolCallId);
            writer.WriteString("name", message.Name);
            writer.WriteString("content", message.Content);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}

/// <summary>What a step gave back.</summary>
/// <param name="Observation">The one message.</param>
/// <param name="Reward">Its reward.</param>
/// <param name="EndReason">Why the episode ended with it; null where it goes on.</param>
internal sealed record StepShape(string Observation, double Reward = 0, string? EndReason = null)
{
    /// <summary>Why the action was none, for machines: <c>info.problem</c>.</summary>
    public string? Problem { get; init; }

    /// <summary>One answer per native tool call, in order.</summary>
    public IReadOnlyList<ToolMessage> ToolMessages { get; init; } = [];

    /// <summary>The answer to a message of which nothing was read, because it is larger than messages may be.</summary>
    public static StepShape TooLarge(AgentAction action, AgentMessage message)
    {
        var observation = $"Your message was not read: {message.Calls[0].Mistake}.";
        return new StepShape(observation) { Problem = "too_large", ToolMessages = Answers(action, observation) };
    }

    /// <summary>The same answer to every native tool call.</summary>
    public static IReadOnlyList<ToolMessage> Answers(AgentAction action, string content) =>
        [.. action.ToolCalls.Select(call => new ToolMessage(call.Id, call.Name, content))];
}
