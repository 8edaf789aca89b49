using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using SandQueue.Contracts;
using SandQueue.Rollouts.Results;
using SandQueue.Storage.Model;
using SandQueue.Storage.Rollouts;

namespace SandQueue.Rollouts.Batches;

/// <summary>A rollout as JSON: what its row says, and what of its result is stored as it was.</summary>
public static class RolloutJson
{
    /// <summary>What a rollout has that has no result yet, or got its end without one.</summary>
    private const string Nothing = """{"instance_id":null,"step_rewards":[],"evaluation":null,"provenance":null,"usage":null,"replay":null,"policy_ms":0,"environment_ms":0}""";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The end of a result, to be stored.</summary>
    public static RolloutEnd EndOf(RolloutResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return new RolloutEnd
        {
            End = result.End,
            Reward = result.IsValid ? result.Reward : null,
            Valid = result.IsValid,
            Trainable = result.IsTrainable,
            Retryable = result.IsRetryable,
            Cause = result.Cause is { } cause ? (int)cause : null,
            EndReason = result.EndReason,
            Truncated = result.IsTruncated,
            Detail = result.Detail is { } detail ? OneLine.Of(detail) : null,
            Steps = result.StepRewards.Count,
            Result = System.Text.Encoding.UTF8.GetString(Rest(result)),
            RefusesEverything = result.RefusesEverything,
        };
    }

    /// <summary>A rollout, one line of JSON.</summary>
    public static byte[] Of(Rollout row, Batch batch)
    {
        ArgumentNullException.ThrowIfNull(row);
        ArgumentNullException.ThrowIfNull(batch);
        return Write(writer =>
        {
            writer.WriteString("rollout_id", row.RolloutId);
            if (batch.IsHidden) writer.WriteNull("batch_id");
            else writer.WriteString("batch_id", batch.BatchId);
            writer.WriteString("state", row.End is not null ? "ended" : row.Owner is not null ? "running" : "waiting");
            writer.WriteString("env_type", batch.EnvType);
            writer.WriteString("task_id", row.TaskId);
            writer.WriteNumber("number", row.Number);
            writer.WriteNumber("group", row.Number / batch.Repeats);
            writer.WriteNumber("member", row.Member);
            WriteEnd(writer, row);
            WritePolicy(writer, row.Policy ?? batch.Policy);
            WriteTime(writer, "began_at", row.BeganAt);
            WriteTime(writer, "ended_at", row.EndedAt);
        });
    }

    /// <summary>The name of a cause, for programs.</summary>
    public static string Cause(int cause) => Name((RolloutCause)cause);

    /// <summary>The name of an end, or of another value, for programs.</summary>
    public static string Name<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    /// <summary>A policy as it is shown: its type, model and version.</summary>
    /// <param name="writer">Where it goes.</param>
    /// <param name="policy">The policy as it is stored.</param>
    public static void WritePolicy(Utf8JsonWriter writer, byte[] policy)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject("policy");
        using var document = JsonDocument.Parse(policy);
        foreach (var name in (string[])["type", "model", "version", "base_url", "seed"])
        {
            if (document.RootElement.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null) value.WriteTo(Named(writer, name));
        }

        writer.WriteEndObject();
    }

    /// <summary>A time as ISO 8601 in UTC, or null.</summary>
    public static void WriteTime(Utf8JsonWriter writer, string name, long? milliseconds)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (milliseconds is { } at) writer.WriteString(name, DateTimeOffset.FromUnixTimeMilliseconds(at).UtcDateTime);
        else writer.WriteNull(name);
    }

    /// <summary>Writes one object.</summary>
    public static byte[] Write(Action<Utf8JsonWriter> members)
    {
        ArgumentNullException.ThrowIfNull(members);
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteEnd(Utf8JsonWriter writer, Rollout row)
    {
        WriteText(writer, "end", row.End is { } end ? Name(end) : null);
        WriteNumber(writer, "reward", row.Valid ? row.Reward : null);
        writer.WriteBoolean("valid", row.Valid);
        WriteText(writer, "cause", row.Cause is { } cause ? Cause(cause) : null);
        writer.WriteBoolean("trainable", row.Trainable);
        writer.WriteBoolean("retryable", row.Retryable);
        writer.WriteNumber("attempts", row.Attempt);
        WriteText(writer, "end_reason", row.EndReason);
        writer.WriteBoolean("truncated", row.Truncated);
        WriteText(writer, "detail", row.Detail);
        writer.WriteNumber("steps", row.Steps);
        WriteEarlier(writer, row.EarlierAttempts ?? "[]");
        using var rest = JsonDocument.Parse(row.Result ?? Nothing);
        WriteText(writer, "category", TaskCategory.Of(rest.RootElement));
        foreach (var member in rest.RootElement.EnumerateObject()) member.WriteTo(writer);
    }

    private static void WriteEarlier(Utf8JsonWriter writer, string earlier)
    {
        using var attempts = JsonDocument.Parse(earlier);
        writer.WriteStartArray("earlier_attempts");
        foreach (var attempt in attempts.RootElement.EnumerateArray())
        {
            writer.WriteStartObject();
            attempt.GetProperty("attempt").WriteTo(Named(writer, "attempt"));
            attempt.GetProperty("end").WriteTo(Named(writer, "end"));
            WriteText(writer, "cause", attempt.GetProperty("cause").ValueKind == JsonValueKind.Number ? Cause(attempt.GetProperty("cause").GetInt32()) : null);
            attempt.GetProperty("detail").WriteTo(Named(writer, "detail"));
            WriteTime(writer, "ended_at", attempt.GetProperty("ended_at").GetInt64());
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static byte[] Rest(RolloutResult result) => Write(writer =>
    {
        WriteText(writer, "instance_id", result.InstanceId);
        writer.WriteStartArray("step_rewards");
        foreach (var reward in result.StepRewards) writer.WriteNumberValue(double.IsFinite(reward) ? reward : 0);
        writer.WriteEndArray();
        WriteObject(writer, "evaluation", result.Evaluation);
        WriteObject(writer, "provenance", result.Provenance);
        WriteObject(writer, "usage", result.Usage);
        WriteObject(writer, "replay", result.Replay);
        writer.WriteNumber("policy_ms", Math.Round(result.PolicyMs, 3));
        writer.WriteNumber("environment_ms", Math.Round(result.EnvironmentMs, 3));
    });

    private static void WriteObject(Utf8JsonWriter writer, string name, System.Text.Json.Nodes.JsonObject? value)
    {
        writer.WritePropertyName(name);
        if (value is null) writer.WriteNullValue();
        else value.WriteTo(writer);
    }

    private static void WriteText(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is null) writer.WriteNull(name);
        else writer.WriteString(name, value);
    }

    private static void WriteNumber(Utf8JsonWriter writer, string name, double? value)
    {
        if (value is { } number) writer.WriteNumber(name, number);
        else writer.WriteNull(name);
    }

    private static Utf8JsonWriter Named(Utf8JsonWriter writer, string name)
    {
        writer.WritePropertyName(name);
        return writer;
    }
}
