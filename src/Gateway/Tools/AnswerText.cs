using System.Text.Json;
using SandQueue.Contracts;

namespace SandQueue.Gateway.Tools;

/// <summary>What a Create's or a step's answer says to an agent, and what it says of the episode.</summary>
/// <param name="Messages">The texts of its <c>state</c>: system and user of a Create, one of a step.</param>
/// <param name="Reward">The step's reward; null in a Create's answer.</param>
/// <param name="IsTerminated">Whether the episode is over.</param>
/// <param name="EndReason">Why it is over; null while it goes on.</param>
/// <param name="IsTruncated">Whether a limit ended it.</param>
/// <param name="Step">The step's number, from 1; null in a Create's answer.</param>
/// <param name="ToolText">What was answered to the native call, or to the first of them; null where there was none.</param>
internal sealed record AnswerText(IReadOnlyList<AnswerMessage> Messages, double? Reward, bool IsTerminated, string? EndReason, bool IsTruncated, int? Step, string? ToolText)
{
    /// <summary>All that the environment says, its messages apart by an empty line.</summary>
    public string Text => string.Join("\n\n", Messages.Select(message => message.Content));

    /// <summary>All that an agent has to see who reads nothing but results of calls: what the call gave, and what the environment says then.</summary>
    public string CallResult => ToolText is not { Length: > 0 } result || result == Text ? Text : Text.Length == 0 ? result : $"{result}\n\n{Text}";

    /// <param name="answer">The answer, as the journal has it: its worker checked its form.</param>
    public static AnswerText Of(ReadOnlyMemory<byte> answer)
    {
        using var document = ReadableJson.Parse(answer);
        var root = document.RootElement;
        var info = Member(root, "info", JsonValueKind.Object);
        return new AnswerText(
            [.. Entries(root, "state").Select(message => new AnswerMessage(Said(message, "role") ?? "", Said(message, "content") ?? ""))],
            Member(root, "reward", JsonValueKind.Number)?.GetDouble(),
            Member(root, "is_terminated", JsonValueKind.True) is not null,
            Said(info, "end_reason"),
            Member(info, "truncated", JsonValueKind.True) is not null,
            Member(info, "step", JsonValueKind.Number)?.GetInt32(),
            Entries(info, "tool_messages").Select(message => Said(message, "content")).FirstOrDefault());
    }

    private static List<JsonElement> Entries(JsonElement? owner, string name) => Member(owner, name, JsonValueKind.Array) is { } list ? [.. list.EnumerateArray()] : [];

    private static string? Said(JsonElement? owner, string name) => Member(owner, name, JsonValueKind.String)?.GetString();

    private static JsonElement? Member(JsonElement? owner, string name, JsonValueKind kind) =>
        owner is { ValueKind: JsonValueKind.Object } known && known.TryGetProperty(name, out var value) && value.ValueKind == kind ? value : null;
}

/// <summary>A message of an answer.</summary>
/// <param name="Role">As <c>system</c> or <c>user</c>.</param>
/// <param name="Content">Its text; what is no character in it is U+FFFD.</param>
internal sealed record AnswerMessage(string Role, string Content);
