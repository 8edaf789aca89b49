using System.Text.Json;
using System.Text.Json.Nodes;
using SandQueue.Contracts;

namespace SandQueue.Rollouts.Play;

/// <summary>What a Create's or a step's answer says to a policy and of the episode.</summary>
internal sealed record EpisodeAnswer
{
    /// <summary>Its messages: system and user of a Create, one of a step.</summary>
    public required IReadOnlyList<JsonElement> Messages { get; init; }

    /// <summary>The functions that are offered from now on; null where the answer names none.</summary>
    public IReadOnlyList<JsonElement>? Tools { get; init; }

    /// <summary>What was answered to native calls of tools, in the form of messages.</summary>
    public IReadOnlyList<JsonElement> ToolMessages { get; init; } = [];

    /// <summary>The step's reward; 0 in a Create's answer.</summary>
    public double Reward { get; init; }

    /// <summary>Whether the episode is over.</summary>
    public bool IsTerminated { get; init; }

    /// <summary>Why it is over; null while it goes on.</summary>
    public string? EndReason { get; init; }

    /// <summary>Whether a limit ended it.</summary>
    public bool IsTruncated { get; init; }

    /// <summary>Whether it tells of an action that the environment did not survive, twice.</summary>
    public bool IsAgentFault { get; init; }

    /// <summary>What it was made of; null in a step's answer.</summary>
    public JsonObject? Provenance { get; init; }

    /// <param name="answer">The answer, as the journal has it: its worker checked its form.</param>
    /// <exception cref="JsonException">It cannot be read all the same.</exception>
    public static EpisodeAnswer Read(ReadOnlyMemory<byte> answer)
    {
        var root = ReadableJson.Element(answer);
        var info = Member(root, "info", JsonValueKind.Object);
        return new EpisodeAnswer
        {
            Messages = Objects(root, "state") ?? [],
            Tools = Objects(info, "tools"),
            ToolMessages = Objects(info, "tool_messages") ?? [],
            Reward = Member(root, "reward", JsonValueKind.Number)?.GetDouble() ?? 0,
            IsTerminated = Member(root, "is_terminated", JsonValueKind.True) is not null,
            EndReason = Member(info, "end_reason", JsonValueKind.String)?.GetString(),
            IsTruncated = Member(info, "truncated", JsonValueKind.True) is not null,
            IsAgentFault = Member(info, "cause", JsonValueKind.String)?.GetString() == "agent",
            Provenance = Member(info, "provenance", JsonValueKind.Object) is { } provenance ? JsonObject.Create(provenance) : null,
        };
    }

    private static List<JsonElement>? Objects(JsonElement? owner, string name) =>
        Member(owner, name, JsonValueKind.Array) is { } list ? [.. list.EnumerateArray().Where(entry => entry.ValueKind == JsonValueKind.Object)] : null;

    private static JsonElement? Member(JsonElement? owner, string name, JsonValueKind kind) =>
        owner is { ValueKind: JsonValueKind.Object } known && known.TryGetProperty(name, out var value) && value.ValueKind == kind ? value : null;
}
