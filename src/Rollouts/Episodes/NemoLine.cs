using System.Text.Json;
using SandQueue.Environments.Abstractions.Messages;
using SandQueue.Storage.Journal;

namespace SandQueue.Rollouts.Episodes;

/// <summary>Writes rollouts of NeMo Gym: chat messages as the items of OpenAI's Responses interface.</summary>
internal static class NemoLine
{
    /// <param name="head">The episode.</param>
    /// <param name="said">What was said in it.</param>
    /// <param name="task">The number of its task in this export, from 0.</param>
    /// <param name="rollout">Its number among those of the task, from 0.</param>
    public static byte[] Of(EpisodeHead head, Conversation said, int task, int rollout) => ExportLine.Of(writer =>
    {
        writer.WriteNumber("_ng_task_index", task);
        writer.WriteNumber("_ng_rollout_index", rollout);
        writer.WriteNumber("_ng_attempt_index", 0);
        writer.WriteString("_ng_rollout_id", $"{head.EpisodeId}");
        if (head.Reward is null)
        {
            writer.WriteString("_ng_failure_class", head.State == Storage.Model.InstanceState.Released ? "not_evaluated" : JsonNamingPolicy.SnakeCaseLower.ConvertName(head.State.ToString()));
            writer.WriteBoolean("_ng_failure_terminal", false);
            writer.WriteString("detail", head.EndDetail);
        }

        writer.WriteStartObject("agent_ref");
        writer.WriteString("type", "responses_api_agents");
        writer.WriteString("name", head.EnvType);
        writer.WriteEndObject();
        WriteParams(writer, said);
        writer.WriteStartObject("response");
        writer.WriteString("id", $"episode-{head.EpisodeId}");
        writer.WriteString("object", "response");
        writer.WriteStartArray("output");
        foreach (var message in said.Messages.SkipWhile(message => !message.IsSampled)) WriteItems(writer, message);
        writer.WriteEndArray();
        writer.WriteNull("usage");
        writer.WriteEndObject();
        if (head.Reward is { } reward) writer.WriteNumber("reward", reward);
        else writer.WriteNull("reward");
        writer.WriteString("env_type", head.EnvType);
        writer.WriteString("task_id", head.TaskId);
        writer.WriteString("end_reason", head.EndReason);
    });

    private static void WriteParams(Utf8JsonWriter writer, Conversation said)
    {
        writer.WriteStartObject("responses_create_params");
        writer.WriteStartArray("input");
        foreach (var message in said.Messages.TakeWhile(message => !message.IsSampled)) writer.WriteRawValue(message.Json, skipInputValidation: true);
        writer.WriteEndArray();
        writer.WriteStartArray("tools");
        using var tools = JsonDocument.Parse(said.Tools);
        foreach (var tool in tools.RootElement.EnumerateArray())
        {
            writer.WriteStartObject();
            writer.WriteString("type", "function");
            if (tool.TryGetProperty("function", out var function))
            {
                foreach (var member in function.EnumerateObject())
                {
                    writer.WritePropertyName(member.Name);
                    writer.WriteRawValue(Conversation.OnOneLine(System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(member.Value)), skipInputValidation: true);
                }
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteItems(Utf8JsonWriter writer, Conversation.Said message)
    {
        using var document = JsonDocument.Parse(message.Json);
        var said = document.RootElement;
        if (said.TryGetProperty("tool_call_id", out var answered))
        {
            writer.WriteStartObject();
            writer.WriteString("type", "function_call_output");
            Copy(writer, "call_id", answered);
            Copy(writer, "output", said.TryGetProperty("content", out var output) ? output : default);
            writer.WriteEndObject();
            return;
        }

        if (!message.IsSampled)
        {
            writer.WriteRawValue(message.Json, skipInputValidation: true);
            return;
        }

        var action = ActionReader.Read(said);
        if (action.Content.Length > 0 || action.ToolCalls.Count == 0)
        {
            writer.WriteStartObject();
            writer.WriteString("type", "message");
            writer.WriteString("role", "assistant");
            writer.WriteString("status", "completed");
            writer.WriteStartArray("content");
            writer.WriteStartObject();
            writer.WriteString("type", "output_text");
            writer.WriteString("text", action.Content);
            writer.WriteStartArray("annotations");
            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        foreach (var call in action.ToolCalls)
        {
            writer.WriteStartObject();
            writer.WriteString("type", "function_call");
            writer.WriteString("call_id", call.Id);
            writer.WriteString("name", call.Name);
            writer.WriteString("arguments", call.Arguments);
            writer.WriteString("status", "completed");
            writer.WriteEndObject();
        }
    }

    private static void Copy(Utf8JsonWriter writer, string name, JsonElement value)
    {
        writer.WritePropertyName(name);
        if (value.ValueKind == JsonValueKind.Undefined) writer.WriteNullValue();
        else writer.WriteRawValue(System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);
    }
}
