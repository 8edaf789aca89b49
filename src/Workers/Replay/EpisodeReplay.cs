using System.Runtime.CompilerServices;
using SandQueue.Contracts;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;

namespace SandQueue.Workers.Replay;

/// <summary>
/// Runs a recorded episode again on a fresh instance, and compares each command with the record. It writes nothing, owns no slot and
/// judges nothing: recovery stops at the first difference, a measurement reads on, a fork stops after the step it forks at, and a new
/// score is asked of the instance once the sequence has ended.
/// </summary>
internal sealed class EpisodeReplay(EpisodeReader episodes)
{
    /// <summary>What makes a fresh instance of an episode's task, to run the episode on.</summary>
    /// <param name="episode">The episode.</param>
    /// <param name="innerId">A name for the instance inside of its container.</param>
    public NewInstance Again(RecordedEpisode episode, string innerId) => new(episode.Row.EnvType, episode.Row.TaskId, innerId, episode.Row.Params)
    {
        IsReplay = true,
        Tenant = episode.Row.Tenant,
        RecordedOpening = cancellationToken => episodes.ReadAnswerAsync(episode.Commands[0], cancellationToken),
    };

    /// <summary>
    /// Yields the initial state, then every step and, where they change the state, every evaluation. A command runs when the next item is
    /// asked for, and nothing runs between two items: the instance then stands where the last item left it, and its reader may stop there
    /// or restore a checkpoint.
    /// </summary>
    /// <param name="episode">What is run again.</param>
    /// <param name="instance">Where.</param>
    /// <param name="afterStep">The number of the last step that is not run; 0 runs all.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="EnvironmentFailedException">The environment failed, or answered in a foreign shape: it lets the replay go no further.</exception>
    public async IAsyncEnumerable<ReplayedCommand> RunAsync(
        RecordedEpisode episode, FreshInstance instance, int afterStep, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        EpisodeEnd? end = null;
        foreach (var recorded in CommandsToRun(episode, instance.EvaluateChangesState, afterStep))
        {
            var command = recorded.Kind switch
            {
                JournalKind.Create => await CompareAsync(recorded, Observation.Of(instance.Opening), instance.Opening.ObservationHash, cancellationToken),
                JournalKind.Step => await StepAsync(recorded, episode.Row.MaxSteps, instance, cancellationToken),
                _ => await EvaluateAsync(recorded, instance, end, cancellationToken),
            };
            end ??= command.Observed?.End;
            yield return command;
        }
    }

    /// <summary>The commands that <see cref="RunAsync"/> yields, in order: the create, the steps and, where they change the state, the evaluations.</summary>
    /// <param name="episode">The episode.</param>
    /// <param name="evaluateChangesState">Whether evaluations have to be repeated too.</param>
    /// <param name="afterStep">The number of the last step that is left out; 0 leaves out none.</param>
    public static IEnumerable<RecordedCommand> CommandsToRun(RecordedEpisode episode, bool evaluateChangesState, int afterStep = 0) => episode.Commands
        .SkipWhile(command => command.Step != afterStep).Skip(1)
        .Where(command => command.Kind == JournalKind.Step || (command.Kind == JournalKind.Evaluate && evaluateChangesState))
        .Prepend(episode.Commands[0]);

    /// <summary>What a create answered that is refused now, so that there is no instance to run the episode on.</summary>
    public async Task<ReplayedCommand.Refused> RefusedAsync(RecordedEpisode episode, EnvironmentRejectedException refusal, CancellationToken cancellationToken) =>
        new(episode.Commands[0], await ReadAsync(episode.Commands[0], cancellationToken), refusal.Message);

    private async Task<ReplayedCommand> StepAsync(RecordedCommand recorded, int? maxSteps, FreshInstance instance, CancellationToken cancellationToken)
    {
        var number = recorded.Step!.Value;
        if (recorded.Cause == FailureCause.Agent)
        {
            return new ReplayedCommand.NotRun(recorded, Observation.Of(StepAnswer.Compose(AgentFault.Data(recorded.Detail!), number, maxSteps, instance.Canonical)));
        }

        try
        {
            var data = await instance.Environment.StepAsync(recorded.Action, recorded.Params, cancellationToken);
            var step = StepAnswer.Compose(data, number, maxSteps, instance.Canonical);
            return await CompareAsync(recorded, Observation.Of(step), step.ObservationHash, cancellationToken);
        }
        catch (EnvironmentRejectedException exception)
        {
            return new ReplayedCommand.Refused(recorded, await ReadAsync(recorded, cancellationToken), exception.Message);
        }
    }

    private async Task<ReplayedCommand> EvaluateAsync(RecordedCommand recorded, FreshInstance instance, EpisodeEnd? end, CancellationToken cancellationToken)
    {
        try
        {
            var data = await instance.Environment.EvaluateAsync(recorded.Action, recorded.Params, cancellationToken);
            return new ReplayedCommand.Evaluated(recorded, EvaluationAnswer.Compose(data, end, instance.Opening.Provenance));
        }
        catch (EnvironmentRejectedException exception)
        {
            return new ReplayedCommand.Refused(recorded, await ReadAsync(recorded, cancellationToken), exception.Message);
        }
    }

    /// <summary>By the hash alone; the recorded answer is read where it differs.</summary>
    private async Task<ReplayedCommand> CompareAsync(RecordedCommand recorded, Observation replayed, byte[] hash, CancellationToken cancellationToken) =>
        recorded.ObservationHash.AsSpan().SequenceEqual(hash)
            ? new ReplayedCommand.Same(recorded, replayed)
            : new ReplayedCommand.Different(recorded, await ReadAsync(recorded, cancellationToken), replayed);

    private async Task<Observation> ReadAsync(RecordedCommand recorded, CancellationToken cancellationToken) =>
        Observation.Of(recorded, await episodes.ReadAnswerAsync(recorded, cancellationToken));
}
