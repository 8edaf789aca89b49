using System.Text.Json;

namespace SandQueue.Client;

/// <summary>What a step answered.</summary>
public sealed record EpisodeStep
{
    /// <summary>The step's command id.</summary>
    public required string CommandId { get; init; }

    /// <summary>What the agent sees now: exactly one message.</summary>
    public required IReadOnlyList<ChatMessage> State { get; init; }

    /// <summary>The text of that message.</summary>
    public string Observation => State[^1].Content;

    /// <summary>The reward, in the environment's own unit; null where the environment gave none. A step that failed has no answer, and so no reward.</summary>
    public required double? Reward { get; init; }

    /// <summary>The episode is over.</summary>
    public required bool IsTerminated { get; init; }

    /// <summary>It was cut short, as by <c>max_steps</c>, rather than that it came to its end.</summary>
    public required bool IsTruncated { get; init; }

    /// <summary>Why the episode is over, as <c>goal</c> or <c>max_steps</c>; null while it goes on.</summary>
    public required string? EndReason { get; init; }

    /// <summary>The number of the step in its episode, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>All that the environment says besides; <c>tool_messages</c> has a message for each native tool call, to be appended to the conversation.</summary>
    public required JsonElement Info { get; init; }
}
