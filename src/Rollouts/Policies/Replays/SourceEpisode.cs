using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;

namespace SandQueue.Rollouts.Policies.Replays;

/// <summary>A recorded episode that is played again.</summary>
/// <param name="EpisodeId">Its number.</param>
/// <param name="EnvType">Its environment.</param>
/// <param name="TaskId">Its task.</param>
/// <param name="Params">The <c>params</c> of its Create, byte for byte.</param>
/// <param name="Commands">What was done in it, in order, without the answers.</param>
public sealed record SourceEpisode(long EpisodeId, string EnvType, string TaskId, byte[] Params, IReadOnlyList<RecordedCommand> Commands)
{
    /// <summary>Its Create, which is its step 0, and its steps in order.</summary>
    public IReadOnlyList<RecordedCommand> Steps { get; } = [.. Commands.Where(command => command.Kind is JournalKind.Create or JournalKind.Step).OrderBy(command => command.Step)];

    /// <summary>The evaluation that came after everything else; null where none did.</summary>
    public RecordedCommand? LastEvaluation { get; } =
        Commands.LastOrDefault(command => command.Kind is JournalKind.Create or JournalKind.Step or JournalKind.Evaluate) is { Kind: JournalKind.Evaluate } last ? last : null;

    /// <summary>The evaluations between a step and the next, or behind the last one, in order; without <see cref="LastEvaluation"/>.</summary>
    public IReadOnlyList<RecordedCommand> EvaluationsAfter(int step) =>
    [
        .. Commands.SkipWhile(command => command.Step != step).Skip(1).TakeWhile(command => command.Step is null)
            .Where(command => command.Kind == JournalKind.Evaluate && command != LastEvaluation),
    ];

    /// <summary>The newest score that it was given; null where it was never evaluated.</summary>
    public double? Score => Commands.LastOrDefault(command => command.Kind == JournalKind.Evaluate)?.Reward;
}
