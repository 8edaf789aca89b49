using SandQueue.Storage.Model;

namespace SandQueue.Storage.Journal;

/// <summary>What a replay needs of a completed create, step or evaluation. Nothing of it depends on how large the answer was.</summary>
/// <param name="Id">The entry, for <see cref="EpisodeReader.FindEntryAsync"/>.</param>
/// <param name="CommandId">The command that it is the end of.</param>
/// <param name="Kind">What it is the end of.</param>
/// <param name="Step">Number of the step, from 1; 0 for the create; null for an evaluation.</param>
/// <param name="Action">The action or messages as they came, byte for byte.</param>
/// <param name="Params">The <c>params</c> as they came, byte for byte.</param>
/// <param name="ObservationHash">SHA-256 of the observation that a replay must repeat; null where there is none.</param>
/// <param name="Reward">The reward; null where there is none.</param>
/// <param name="Terminated">Whether the episode ended.</param>
public sealed record ReplayEntry(
    long Id, string CommandId, JournalKind Kind, int? Step, byte[] Action, byte[] Params, byte[]? ObservationHash, double? Reward, bool Terminated);
