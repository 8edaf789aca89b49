using System.Text.Json.Nodes;

namespace SandQueue.Rollouts.Policies;

/// <summary>What a policy sees of the episode it plays.</summary>
/// <param name="InstanceId">The instance, for policies that ask its environment.</param>
/// <param name="TaskId">Its task.</param>
/// <param name="Messages">All messages so far in order, the two of the opening first; entries are never changed, only added.</param>
/// <param name="Tools">The functions that the environment offers, in OpenAI's form.</param>
/// <param name="Step">The number of the step that the action is for, from 1.</param>
/// <param name="ToolMessages">One entry with role <c>tool</c> for each native tool call of the last action; empty where it had none.</param>
public sealed record PolicyEpisode(
    string InstanceId, string TaskId, IReadOnlyList<JsonObject> Messages, IReadOnlyList<JsonObject> Tools, int Step, IReadOnlyList<JsonObject> ToolMessages);
