using System.Buffers;
using System.Text.Json;
using SandQueue.Storage.Journal;

namespace SandQueue.Rollouts.Episodes;

/// <summary>Writes the lines that trainers read. Facts on the forms of others are on the page <c>docs/exports.md</c>.</summary>
internal static class ExportLine
{
    public static byte[] Of(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, EpisodeLine.Options))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>One episode as chat messages with its tools.</summary>
    public static byte[] Messages(EpisodeHead head, Conversation said) => Of(writer =>
    {
        WriteMessages(writer, "messages", said.Messages);
        WriteRaw(writer, "tools", said.Tools);
        WriteHead(writer, head);
    });

    /// <summary>Two episodes of one task: what both begin with, and how each goes on.</summary>
    public static byte[] Preference((EpisodeHead Head, Conversation Said) chosen, (EpisodeHead Head, Conversation Said) rejected, int shared) => Of(writer =>
    {
        WriteMessages(writer, "prompt", chosen.Said.Messages.Take(shared));
        WriteMessages(writer, "chosen", chosen.Said.Messages.Skip(shared));
        WriteMessages(writer, "rejected", rejected.Said.Messages.Skip(shared));
        WriteRaw(writer, "tools", chosen.Said.Tools);
        writer.WriteString("env_type", chosen.Head.EnvType);
        writer.WriteString("task_id", chosen.Head.TaskId);
        writer.WriteNumber("chosen_episode_id", chosen.Head.EpisodeId);
        writer.WriteNumber("rejected_episode_id", rejected.Head.EpisodeId);
        writer.WriteNumber("chosen_reward", chosen.Head.Reward!.Value);
        writer.WriteNumber("rejected_reward", rejected.Head.Reward!.Value);
    });

    /// <summary>A trace of verifiers: a node a message, each with the one before it as its parent.</summary>
    public static byte[] Trace(EpisodeHead head, Conversation said) => Of(writer =>
    {
        writer.WriteNumber("version", 1);
        writer.WriteString("id", $"{head.EpisodeId}");
        writer.WriteStartObject("task");
        writer.WriteString("type", head.EnvType);
        writer.WriteString("key", head.TaskId);
        writer.WriteStartObject("data");
        writer.WriteString("task_id", head.TaskId);
        writer.WriteEndObject();
        writer.WriteEndObject();
        WriteRaw(writer, "tools", said.Tools);
        writer.WriteStartArray("nodes");
        for (var place = 0; place < said.Messages.Count; place++)
        {
            writer.WriteStartObject();
            if (place == 0) writer.WriteNull("parent");
            else writer.WriteNumber("parent", place - 1);
            WriteRaw(writer, "message", said.Messages[place].Json);
            writer.WriteBoolean("sampled", said.Messages[place].IsSampled);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartObject("rewards");
        if (head.Reward is { } reward)
        {
            writer.WriteStartObject("score");
            writer.WriteNumber("score", reward);
            writer.WriteNumber("weight", 1.0);
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteNull("score");
        }

        writer.WriteEndObject();
        writer.WriteString("stop_condition", head.EndReason);
        writer.WriteStartArray("errors");
        if (head.Reward is null && head.EndDetail is { } detail) writer.WriteStringValue(detail);
        writer.WriteEndArray();
        writer.WriteStartObject("timing");
        writer.WriteNumber("total_ms", head.EndedAt - head.CreatedAt);
        writer.WriteEndObject();
    });

    public static void WriteRaw(Utf8JsonWriter writer, string name, byte[] json)
    {
        writer.WritePropertyName(name);
        writer.WriteRawValue(json, skipInputValidation: true);
    }

    private static void WriteMessages(Utf8JsonWriter writer, string name, IEnumerable<Conversation.Said> messages)
    {
        writer.WriteStartArray(name);
        foreach (var message in messages) writer.WriteRawValue(message.Json, skipInputValidation: true);
        writer.WriteEndArray();
    }

    private static void WriteHead(Utf8JsonWriter writer, EpisodeHead head)
    {
        writer.WriteString("env_type", head.EnvType);
        writer.WriteString("task_id", head.TaskId);
        writer.WriteNumber("episode_id", head.EpisodeId);
        if (head.Reward is { } reward) writer.WriteNumber("reward", reward);
        else writer.WriteNull("reward");
        writer.WriteString("end_reason", head.EndReason);
    }
}
