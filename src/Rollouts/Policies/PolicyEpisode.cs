using System.Text.Json;

namespace SandQueue.Rollouts.Policies;

/// <summary>What a policy sees of the episode it plays.</summary>
/// <param name="InstanceId">The instance, for policies that ask its environment.</param>
/// <param name="TaskId">Its task.</param>
/// <param name="Messages">
/// All messages so far in order, the two of the opening first, each an object as its environment or the policy wrote it; entries are never changed, only added.
/// Empty where the policy reads none (<see cref="Requests.PolicyRequest.ReadsMessages"/>).
/// </param>
/// <param name="Tools">The functions that the environment offers now, in OpenAI's form.</param>
/// <param name="Step">The number of the step that the action is for, from 1.</param>
/// <param name="ToolMessages">One entry with role <c>tool</c> for each native tool call of the last action, which is in the messages too; empty where it had none.</param>
/// <param name="Remaining">How long the rollout may still take; null where it has no limit.</param>
public sealed record PolicyEpisode(
    string InstanceId,
    string TaskId,
    IReadOnlyList<JsonElement> Messages,
    IReadOnlyList<JsonElement> Tools,
    int Step,
    IReadOnlyList<JsonElement> ToolMessages,
    TimeSpan? Remaining = null);
