using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;

namespace SandQueue.Rollouts.Episodes;

/// <summary>
/// Writes an episode as one line of our own form, <c>docs/exports.md</c>. Actions, params and answers are written as the bytes they are, so that what is read
/// back is the same episode; where they have line breaks between their values, as text in a member whose name ends with <c>_text</c>.
/// </summary>
internal static class EpisodeLine
{
    public const string Form = "sandqueue.episode/1";

    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static byte[] Write(EpisodeHead head, IReadOnlyList<JournalEntry> entries)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("form", Form);
            writer.WriteNumber("episode_id", head.EpisodeId);
            writer.WriteString("instance_id", head.InstanceId);
            writer.WriteString("env_type", head.EnvType);
            writer.WriteString("task_id", head.TaskId);
            WriteBytes(writer, "params", head.Params);
            writer.WriteString("state", JsonNamingPolicy.SnakeCaseLower.ConvertName(head.State.ToString()));
            if (head.MaxSteps is { } steps) writer.WriteNumber("max_steps", steps);
            else writer.WriteNull("max_steps");
            writer.WriteString("end_reason", head.EndReason);
            writer.WriteString("end_detail", head.EndDetail);
            writer.WriteString("image_digest", head.ImageDigest);
            writer.WriteString("created_at", DateTimeOffset.FromUnixTimeMilliseconds(head.CreatedAt));
            writer.WriteString("ended_at", DateTimeOffset.FromUnixTimeMilliseconds(head.EndedAt));
            WriteNumber(writer, "reward", head.Reward);
            writer.WriteStartArray("entries");
            foreach (var entry in entries) Write(writer, entry);
            writer.WriteEndArray();
            writer.WriteString("digest", Digest(entries));
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>SHA-256 over what a replay reads of the entries and what it compares: a line that was cut or changed is noticed by it.</summary>
    public static string Digest(IEnumerable<JournalEntry> entries)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var entry in entries)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{(int)entry.Kind} {entry.Step} {entry.Terminated} {entry.Reward:R}\n")));
            foreach (var bytes in (byte[][])[entry.Action, entry.Params, entry.Answer, entry.ObservationHash ?? []])
            {
                hash.AppendData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{bytes.Length}\n")));
                hash.AppendData(bytes);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Write(Utf8JsonWriter writer, JournalEntry entry)
    {
        writer.WriteStartObject();
        writer.WriteString("kind", JsonNamingPolicy.SnakeCaseLower.ConvertName(entry.Kind.ToString()));
        if (entry.Step is { } step) writer.WriteNumber("step", step);
        WriteBytes(writer, "action", entry.Action);
        WriteBytes(writer, "params", entry.Params);
        WriteBytes(writer, "answer", entry.Answer);
        if (entry.ObservationHash is { } hash) writer.WriteString("observation_hash", Convert.ToHexStringLower(hash));
        WriteNumber(writer, "reward", entry.Reward);
        writer.WriteBoolean("is_terminated", entry.Terminated);
        if (entry.Cause is { } cause) writer.WriteString("cause", JsonNamingPolicy.SnakeCaseLower.ConvertName(cause.ToString()));
        if (entry.Detail is { } detail) writer.WriteString("detail", detail);
        writer.WriteNumber("environment_ms", entry.EnvironmentMs);
        writer.WriteString("worker", entry.Worker);
        writer.WriteString("recorded_at", DateTimeOffset.FromUnixTimeMilliseconds(entry.RecordedAt));
        writer.WriteEndObject();
    }

    private static void WriteBytes(Utf8JsonWriter writer, string name, byte[] json)
    {
        if (json.Length == 0) return;
        if (json.AsSpan().IndexOfAny((byte)'\n', (byte)'\r') >= 0)
        {
            writer.WriteString($"{name}_text", Encoding.UTF8.GetString(json));
            return;
        }

        writer.WritePropertyName(name);
        writer.WriteRawValue(json, skipInputValidation: true);
    }

    private static void WriteNumber(Utf8JsonWriter writer, string name, double? number)
    {
        if (number is { } value && double.IsFinite(value)) writer.WriteNumber(name, value);
        else writer.WriteNull(name);
    }
}
