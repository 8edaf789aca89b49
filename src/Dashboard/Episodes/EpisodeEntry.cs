using System.Text.Json;

namespace SandQueue.Dashboard.Episodes;

/// <summary>A command of an episode as the viewer shows it: long texts have their beginnings only, so that an open page costs little.</summary>
/// <param name="Cursor">The page of the journal that it is on.</param>
/// <param name="Kind">create, step or evaluate.</param>
/// <param name="CommandId">Its id.</param>
/// <param name="Step">Its number; 0 for the create, null for an evaluation.</param>
/// <param name="Messages">What was said: the action first.</param>
/// <param name="Reward">The reward or the score.</param>
/// <param name="IsTerminated">Whether it ended the episode.</param>
/// <param name="EndReason">Why.</param>
/// <param name="EnvironmentMs">The environment's part of the time.</param>
/// <param name="Worker">Who executed it.</param>
/// <param name="RecordedAt">When.</param>
/// <param name="Action">The action's JSON; null where it is too long for a command line.</param>
/// <param name="Details">What else the answer says, as JSON: provenance, or what an evaluation found.</param>
public sealed record EpisodeEntry(
    string? Cursor,
    string Kind,
    string CommandId,
    int? Step,
    IReadOnlyList<ChatMessage> Messages,
    double? Reward,
    bool IsTerminated,
    string? EndReason,
    double EnvironmentMs,
    string? Worker,
    DateTimeOffset RecordedAt,
    string? Action,
    string? Details)
{
    /// <summary>Characters of a message that are shown at first.</summary>
    public const int Beginning = 3_000;

    private const int LongestAction = 20_000;
    private const int LongestDetails = 20_000;

    private static readonly JsonSerializerOptions Indented = new(Calls.GatewayClient.Json) { WriteIndented = true };

    /// <param name="entry">An entry as the journal's route writes it.</param>
    /// <param name="cursor">The page that it is on.</param>
    /// <param name="longest">Characters of a message that are kept.</param>
    public static EpisodeEntry Read(JsonElement entry, string? cursor, int longest = Beginning)
    {
        var (action, answer) = (entry.GetProperty("action"), entry.GetProperty("answer"));
        var info = Member(answer, "info");
        var kind = entry.GetProperty("kind").GetString()!;
        var messages = new List<ChatMessage>();
        if (action.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined) && kind == "step") messages.Add(MessageReading.Read(action, "assistant", longest));
        messages.AddRange(MessageReading.ReadAll(Member(info, "tool_messages"), "tool", longest) is var tools && tools.Any() ? tools : MessageReading.ReadAll(Member(answer, "state"), "user", longest));
        return new EpisodeEntry(
            cursor,
            kind,
            entry.GetProperty("command_id").GetString()!,
            entry.GetProperty("step") is { ValueKind: JsonValueKind.Number } step ? step.GetInt32() : null,
            messages,
            entry.GetProperty("reward") is { ValueKind: JsonValueKind.Number } reward ? reward.GetDouble() : null,
            entry.GetProperty("is_terminated").GetBoolean(),
            MessageReading.Text(info, "end_reason"),
            entry.GetProperty("environment_ms").GetDouble(),
            entry.GetProperty("worker").GetString(),
            entry.GetProperty("recorded_at").GetDateTimeOffset(),
            kind == "step" && action.GetRawText() is { Length: <= LongestAction } raw ? raw : null,
            Shown(kind == "evaluate" ? answer : Member(info, "provenance")));
    }

    private static JsonElement Member(JsonElement parent, string name) => parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) ? value : default;

    private static string? Shown(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Undefined) return null;
        var text = JsonSerializer.Serialize(value, Indented);
        return text.Length <= LongestDetails ? text : $"{text[..LongestDetails]}…";
    }
}
