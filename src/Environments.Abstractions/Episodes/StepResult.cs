using System.Text.Json.Nodes;

namespace SandQueue.Environments.Abstractions.Episodes;

/// <summary>What a step gives back: exactly one message, a reward, and whether the episode ended.</summary>
/// <param name="Observation">Content of the message.</param>
/// <param name="Reward">The reward of this step; 0 where an environment scores only at the end.</param>
public sealed record StepResult(string Observation, double Reward = 0)
{
    /// <summary>Role of the message; the agent reads it as the other side of the conversation.</summary>
    public string Role { get; init; } = "user";

    /// <summary>Why the episode ended with this step (<c>goal</c>, <c>completed</c>, …), or null where it goes on.</summary>
    public string? EndReason { get; init; }

    /// <summary>The episode was cut by a limit of the environment's own rather than ended by what happened in it.</summary>
    public bool IsTruncated { get; init; }

    /// <summary>Whether the episode ended with this step.</summary>
    public bool IsTerminated => EndReason is not null;

    /// <summary>One answer per native tool call of the action, in its order; empty where the action had none.</summary>
    public IReadOnlyList<ToolMessage> ToolMessages { get; init; } = [];

    /// <summary>More members for <c>info</c>.</summary>
    public JsonObject? Info { get; init; }
}
