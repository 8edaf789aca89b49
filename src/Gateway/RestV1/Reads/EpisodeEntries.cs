using System.Buffers;
using System.Globalization;
using System.Text.Json;
using SandQueue.Gateway.RestV1.Answers;
using SandQueue.Storage.Model;

namespace SandQueue.Gateway.RestV1.Reads;

/// <summary>Writes the entries of an episode, alike on pages and in streams.</summary>
internal static class EpisodeEntries
{
    /// <summary>Where an entry is, for a page's cursor and an event's id.</summary>
    public static string Position(long episodeId, long entryId) => string.Create(CultureInfo.InvariantCulture, $"{episodeId}.{entryId}");

    public static byte[] Bytes(JournalEntry entry)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, RestJson.Writer)) Write(writer, entry);
        return buffer.WrittenSpan.ToArray();
    }

    public static void Write(Utf8JsonWriter writer, JournalEntry entry)
    {
        writer.WriteStartObject();
        writer.WriteString("kind", RestJson.Name(entry.Kind));
        writer.WriteString("command_id", entry.CommandId);
        if (entry.Step is { } step) writer.WriteNumber("step", step);
        else writer.WriteNull("step");
        RestJson.WriteRaw(writer, "action", entry.Action);
        RestJson.WriteRaw(writer, "params", entry.Params);
        RestJson.WriteRaw(writer, "answer", entry.Answer);
        if (entry.Reward is { } reward && double.IsFinite(reward)) writer.WriteNumber("reward", reward);
        else writer.WriteNull("reward");
        writer.WriteBoolean("is_terminated", entry.Terminated);
        writer.WriteNumber("environment_ms", Math.Round(entry.EnvironmentMs, 3));
        writer.WriteString("worker", entry.Worker);
        writer.WriteString("recorded_at", RestJson.Time(entry.RecordedAt));
        writer.WriteEndObject();
    }
}
