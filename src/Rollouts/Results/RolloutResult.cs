using System.Text.Json.Nodes;
using SandQueue.Contracts;

namespace SandQueue.Rollouts.Results;

/// <summary>
/// How a rollout ended, with what a trainer needs to keep it out of its loss and its group's baseline. Only a rollout that was played to its end
/// and evaluated has a reward; a failure has none, and is never a reward of 0.
/// </summary>
public sealed record RolloutResult
{
    /// <summary>Completed: played to its end and evaluated, whatever the agent did to itself. All other ends have no reward.</summary>
    public required CommandEnd End { get; init; }

    /// <summary>The score of its evaluation, a finite number; null where there is none.</summary>
    public double? Reward { get; init; }

    /// <summary>Whether <see cref="Reward"/> may be used.</summary>
    public bool IsValid => End == CommandEnd.Completed && Reward is { } reward && double.IsFinite(reward);

    /// <summary>Who caused an end that was not the episode's own, or <see cref="RolloutCause.Agent"/> where an action of its was one that the environment did not survive; else null.</summary>
    public RolloutCause? Cause { get; init; }

    /// <summary>
    /// Whether it may enter a loss. What the agent can have caused may, so that no policy learns to escape into failures; what it cannot have
    /// caused may not. A default: the facts beside it let a trainer decide otherwise.
    /// </summary>
    public bool IsTrainable => IsValid;

    /// <summary>Whether the same rollout may come to a valid end where it is played again.</summary>
    public bool IsRetryable { get; init; }

    /// <summary>The same would meet every rollout of its policy: the endpoint refuses the key, or is not there. A batch pauses over it.</summary>
    public bool RefusesEverything { get; init; }

    /// <summary>Why the episode ended, as its environment or limit names it (<c>max_steps</c>); null where it did not end.</summary>
    public string? EndReason { get; init; }

    /// <summary>Whether a limit ended it, and not the environment.</summary>
    public bool IsTruncated { get; init; }

    /// <summary>Why it has no valid reward, or what the agent did to itself: one line for people.</summary>
    public string? Detail { get; init; }

    /// <summary>The rewards of its steps, in order.</summary>
    public IReadOnlyList<double> StepRewards { get; init; } = [];

    /// <summary>What its evaluation answered, with the score; null where there was none.</summary>
    public JsonObject? Evaluation { get; init; }

    /// <summary>Versions, image and seed that it was played on, as its Create told them.</summary>
    public JsonObject? Provenance { get; init; }

    /// <summary>What the policy's endpoint said it used, summed over its turns (<c>prompt_tokens</c>, <c>completion_tokens</c>, <c>total_tokens</c>); null where it said nothing.</summary>
    public JsonObject? Usage { get; init; }

    /// <summary>What a replay of another episode found; null where it was none.</summary>
    public JsonObject? Replay { get; init; }

    /// <summary>The id of the instance it was played on; null where none was made.</summary>
    public string? InstanceId { get; init; }

    /// <summary>Milliseconds in which the policy decided.</summary>
    public double PolicyMs { get; init; }

    /// <summary>Milliseconds that its environment took.</summary>
    public double EnvironmentMs { get; init; }
}
