using System.Text.Json;

namespace SandQueue.Client;

/// <summary>A completed command of an episode, as the journal has it.</summary>
/// <param name="Kind"><c>create</c>, <c>step</c>, <c>evaluate</c> or <c>release</c>.</param>
/// <param name="CommandId">The command's id.</param>
/// <param name="Step">The number of a step, from 1; 0 for the create; null for all else.</param>
/// <param name="Action">The agent's message of a step, the messages of an evaluation; JSON null where there were none.</param>
/// <param name="Params">JSON null where there were none.</param>
/// <param name="Answer">What was answered.</param>
/// <param name="Reward">The reward of a step; null where there is none.</param>
/// <param name="IsTerminated">The episode was over with it.</param>
/// <param name="EnvironmentMs">Milliseconds in the environment.</param>
/// <param name="Worker">The worker that executed it.</param>
/// <param name="RecordedAt">When it was written.</param>
public sealed record JournalEntry(
    string Kind,
    string CommandId,
    int? Step,
    JsonElement Action,
    JsonElement Params,
    JsonElement Answer,
    double? Reward,
    bool IsTerminated,
    double EnvironmentMs,
    string? Worker,
    DateTimeOffset RecordedAt);
