using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using SandQueue.Contracts;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;

namespace SandQueue.Rollouts.Episodes;

/// <summary>Reads a line of our own form, and refuses what is not whole.</summary>
internal static class EpisodeReading
{
    private const int LongestName = 200;

    /// <summary>How far the clock of the machine that played it may be ahead of ours.</summary>
    private static readonly TimeSpan ClockDifference = TimeSpan.FromMinutes(5);

    /// <param name="line">The line, without its end.</param>
    /// <param name="tenant">Whose it becomes.</param>
    /// <param name="now">The time: what ended later did not end.</param>
    /// <exception cref="FormatException">What is wrong, one line.</exception>
    public static (Instance Instance, IReadOnlyList<JournalEntry> Entries) Read(ReadOnlyMemory<byte> line, string tenant, DateTimeOffset now)
    {
        if (!Utf8.IsValid(line.Span)) throw new FormatException("it is no UTF-8");
        using var document = Parse(line);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object) throw new FormatException("it is no JSON object");
        var form = Text(root, "form") ?? throw new FormatException($"it has no \"form\"; what can be imported is \"{EpisodeLine.Form}\"");
        if (form != EpisodeLine.Form) throw new FormatException($"its form is \"{Short(form)}\"; what can be imported is \"{EpisodeLine.Form}\"");
        if (!root.TryGetProperty("entries", out var given) || given.ValueKind != JsonValueKind.Array) throw new FormatException("it has no list \"entries\"");
        var entries = given.EnumerateArray().Select(entry => Entry(entry, tenant)).ToList();
        CheckOrder(entries);
        foreach (var entry in entries) EntryForm.Check(entry);
        var digest = EpisodeLine.Digest(entries);
        if (Text(root, "digest") is not { } told) throw new FormatException("it has no \"digest\": its end is missing");
        if (told != digest) throw new FormatException("its digest is not that of its entries: it was changed or cut");

        var name = $"imported-{digest[..32]}-{Named(root)}";
        for (var place = 0; place < entries.Count; place++) entries[place].CommandId = string.Create(CultureInfo.InvariantCulture, $"{name}:{place}");
        var head = Head(root, tenant, name, entries);
        if (head.EndedAt > (now + ClockDifference).ToUnixTimeMilliseconds()) throw new FormatException("its \"ended_at\" is in the future");
        return (head, entries);
    }

    private static Instance Head(JsonElement root, string tenant, string name, List<JournalEntry> entries) => new()
    {
        Tenant = tenant,
        InstanceId = name,
        EnvType = Required(root, "env_type"),
        TaskId = Required(root, "task_id"),
        Params = Bytes(root, "params"),
        State = State(Required(root, "state")),
        NextStep = 1 + entries.Count(entry => entry.Kind == JournalKind.Step),
        MaxSteps = Whole(root, "max_steps"),
        EndReason = Text(root, "end_reason"),
        EndDetail = Text(root, "end_detail"),
        ImageDigest = Text(root, "image_digest"),
        CreatedAt = Time(root, "created_at"),
        LastUsedAt = Time(root, "ended_at"),
        EndedAt = Time(root, "ended_at"),
        IsEndAnnounced = true,
    };

    private static JournalEntry Entry(JsonElement entry, string tenant)
    {
        if (entry.ValueKind != JsonValueKind.Object) throw new FormatException("an entry is no JSON object");
        var (kind, hash) = (Kind(Required(entry, "kind")), Text(entry, "observation_hash"));
        return new JournalEntry
        {
            Tenant = tenant,
            CommandId = "",
            Kind = kind,
            Step = Whole(entry, "step"),
            End = CommandEnd.Completed,
            Cause = Text(entry, "cause") switch
            {
                null => null,
                var cause when Enum.GetValues<FailureCause>().Cast<FailureCause?>().FirstOrDefault(known => string.Equals(known.ToString(), cause, StringComparison.OrdinalIgnoreCase)) is { } known => known,
                var cause => throw new FormatException($"an entry's cause is \"{Short(cause)}\", which is none"),
            },
            Detail = Text(entry, "detail"),
            Action = Bytes(entry, "action"),
            Params = Bytes(entry, "params"),
            Answer = Bytes(entry, "answer"),
            ObservationHash = hash is null ? null : hash.Length == 64 && hash.All(char.IsAsciiHexDigit) ? Convert.FromHexString(hash) : throw new FormatException("an entry's observation_hash is no SHA-256"),
            Reward = Number(entry, "reward"),
            Terminated = entry.TryGetProperty("is_terminated", out var terminated) && terminated.ValueKind == JsonValueKind.True,
            EnvironmentMs = Number(entry, "environment_ms") switch
            {
                null => 0,
                < 0 => throw new FormatException("an entry's \"environment_ms\" is below 0"),
                { } took => took,
            },
            Worker = EpisodeImports.Worker,
            RecordedAt = Time(entry, "recorded_at"),
        };
    }

    private static void CheckOrder(List<JournalEntry> entries)
    {
        if (entries.Count == 0 || entries[0].Kind != JournalKind.Create || entries[0].Step != 0) throw new FormatException("its first entry is no create: its beginning is missing");
        var next = 1;
        foreach (var entry in entries.Skip(1))
        {
            if (entry.Kind == JournalKind.Create) throw new FormatException("it has a second create");
            if (entry.Kind != JournalKind.Step) continue;
            if (entry.Step != next) throw new FormatException($"its step {next} is missing");
            if (entry.Action.Length == 0 || entry.ObservationHash is null) throw new FormatException($"its step {next} has no action or no observation_hash");
            next++;
        }

        if (entries.Any(entry => entry.Answer.Length == 0 && entry.Kind != JournalKind.Release)) throw new FormatException("an entry has no answer");
    }

    private static JournalKind Kind(string text) => text switch
    {
        "create" => JournalKind.Create,
        "step" => JournalKind.Step,
        "evaluate" => JournalKind.Evaluate,
        "release" => JournalKind.Release,
        _ => throw new FormatException($"an entry's kind is \"{Short(text)}\"; known are create, step, evaluate, release"),
    };

    private static InstanceState State(string text) => text switch
    {
        "released" => InstanceState.Released,
        "lost" => InstanceState.Lost,
        "diverged" => InstanceState.Diverged,
        _ => throw new FormatException($"its state is \"{Short(text)}\"; known are released, lost, diverged"),
    };

    private static string Named(JsonElement root)
    {
        var name = Required(root, "instance_id");
        return OneLine.Beginning(name, 100);
    }

    private static string Required(JsonElement owner, string name)
    {
        var text = Text(owner, name) ?? throw new FormatException($"it has no \"{name}\"");
        return text.Length is > 0 and <= LongestName ? text : throw new FormatException($"its \"{name}\" is empty or longer than {LongestName} characters");
    }

    private static string? Text(JsonElement owner, string name)
    {
        if (!owner.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        if (value.ValueKind != JsonValueKind.String) throw new FormatException($"its \"{name}\" is no text");
        try
        {
            // No database takes NUL in a text.
            return value.GetString() is { } text && !text.Contains('\0', StringComparison.Ordinal) ? text : throw new FormatException($"its \"{name}\" has NUL in it");
        }
        catch (InvalidOperationException)
        {
            throw new FormatException($"its \"{name}\" is no valid text");
        }
    }

    private static double? Number(JsonElement owner, string name)
    {
        if (!owner.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number) ? number : throw new FormatException($"its \"{name}\" is no finite number");
    }

    private static int? Whole(JsonElement owner, string name)
    {
        if (!owner.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= 0 ? number : throw new FormatException($"its \"{name}\" is no whole number from 0 on");
    }

    private static long Time(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out var time)
            ? time.ToUnixTimeMilliseconds()
            : throw new FormatException($"it has no \"{name}\", a time in ISO 8601");

    /// <summary>The exact bytes of a member; the text of its other form is them too.</summary>
    private static byte[] Bytes(JsonElement owner, string name)
    {
        if (owner.TryGetProperty(name, out var value)) return value.ValueKind == JsonValueKind.Null ? [] : JsonMarshal.GetRawUtf8Value(value).ToArray();
        return Text(owner, $"{name}_text") is { } text ? CheckedJson(name, Encoding.UTF8.GetBytes(text)) : [];
    }

    private static byte[] CheckedJson(string name, byte[] json)
    {
        using var document = Parse(json, $"its \"{name}_text\"");
        return json;
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> json, string what = "it")
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException exception)
        {
            throw new FormatException($"{what} is no JSON from byte {exception.BytePositionInLine} on: cut or broken", exception);
        }
    }

    private static string Short(string text) => OneLine.Of(text, 60);
}
