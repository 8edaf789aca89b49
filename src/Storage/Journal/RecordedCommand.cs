using SandQueue.Contracts;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Journal;

/// <summary>A completed command of an episode without its answer: what it takes to run the command again, and to tell whether it came out the same.</summary>
/// <param name="Id">Its row in the journal, where the answer is: <see cref="EpisodeReader.ReadAnswerAsync"/>.</param>
/// <param name="EpisodeId">Its episode.</param>
/// <param name="CommandId">Its id.</param>
/// <param name="Kind">What it was.</param>
/// <param name="Step">Number of the step, from 1; 0 for the create; null for all else.</param>
/// <param name="Cause"><see cref="FailureCause.Agent"/> where its observation says that the environment did not survive the action.</param>
/// <param name="Detail">What happened then.</param>
/// <param name="Action">The action or messages, byte for byte.</param>
/// <param name="Params">The <c>params</c>, byte for byte.</param>
/// <param name="ObservationHash">SHA-256 of the observation that a replay must repeat; null where there is none.</param>
/// <param name="Reward">The reward or score; null where there is none.</param>
/// <param name="Terminated">Whether the episode ended with it.</param>
public sealed record RecordedCommand(
    long Id,
    long EpisodeId,
    string CommandId,
    JournalKind Kind,
    int? Step,
    FailureCause? Cause,
    string? Detail,
    byte[] Action,
    byte[] Params,
    byte[]? ObservationHash,
    double? Reward,
    bool Terminated);
