using System.Text;
using SandQueue.Contracts;
using SandQueue.Storage.Model;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;
using SandQueue.Workers.Pools;
using SandQueue.Workers.Recovery;

namespace SandQueue.Workers.Replay;

/// <summary>
/// Runs a recorded episode again on a fresh instance of the same task, and compares state, reward and end of every step
/// with the record; or of every step after a checkpoint. Writes nothing.
/// </summary>
internal static class EpisodeReplay
{
    /// <summary>Characters of an answer that a difference shows.</summary>
    private const int LongestShown = 2_000;

    /// <param name="row">The instance.</param>
    /// <param name="innerId">A name for the fresh one inside of the container.</param>
    /// <param name="record">Its episode; the create first.</param>
    /// <param name="pool">The pool that the place is of.</param>
    /// <param name="slot">A place, which is given back unless the episode was repeated.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <param name="from">Where to start after the initial state; null: with the first step.</param>
    /// <exception cref="EnvironmentFailedException">
    /// The environment failed on the way; after a checkpoint was taken up, only that its container exited.
    /// </exception>
    public static async Task<RebuildOutcome> RunAsync(
        Instance row, string innerId, IReadOnlyList<JournalEntry> record, ContainerPool pool, ContainerSlot slot, CancellationToken cancellationToken, Checkpoint? from = null)
    {
        IEnvironmentInstance? environment = null;
        var (repeated, tookUp) = (false, false);
        try
        {
            environment = await pool.Protocol.CreateAsync(slot.Container, new NewInstance(row.EnvType, row.TaskId, innerId, row.Params), cancellationToken);
            var opening = Opening.Compose(environment.Opening, row.InstanceId, row.TaskId, slot.Container.ImageDigest, pool.Traits.Canonical);
            if (!Same(opening.ObservationHash, record[0])) return Differs("the initial state", record[0], opening.Answer);

            if (from is not null)
            {
                if (WhyNotOf(environment, from, record, pool, slot) is { } other) return new RebuildOutcome(null, other);
                tookUp = true;
                if (await pool.LimitedAsync(token => ((ICheckpointedInstance)environment).LoadAsync(from.State, token), cancellationToken) is { } differs) return new RebuildOutcome(null, differs);
            }

            StepAnswer? last = null;
            var same = 1;
            foreach (var entry in record.SkipWhile(entry => entry.Step != (from?.Step ?? 0)).Skip(1))
            {
                if (entry.Kind == JournalKind.Evaluate && pool.Traits.EvaluateChangesState && !await EvaluateAsync(environment, entry, pool, cancellationToken))
                {
                    return Refused("an evaluation", entry) with { Repeated = same };
                }

                if (entry.Kind != JournalKind.Step) continue;
                if (entry.Cause == FailureCause.Agent)
                {
                    // What the environment did not survive was never part of its state, and would kill it again.
                    (last, same) = (StepAnswer.Compose(AgentFault.Data(entry.Detail!), entry.Step!.Value, row.MaxSteps, pool.Traits.Canonical), same + 1);
                    continue;
                }

                if (await StepAsync(environment, entry, row.MaxSteps, pool, cancellationToken) is not { } step) return Refused($"step {entry.Step}", entry) with { Repeated = same };
                if (!Same(step.ObservationHash, entry)) return Differs($"step {entry.Step}", entry, step.Answer) with { Repeated = same };
                (last, same) = (step, same + 1);
            }

            repeated = true;
            var next = record.Max(entry => entry.Step ?? 0) + 1;
            return new RebuildOutcome(
                new RebuiltInstance(slot, environment, opening.Provenance, next, last?.EndReason, [.. record.Select(entry => entry.CommandId)]), Repeated: same);
        }
        catch (EnvironmentRejectedException exception) when (environment is null)
        {
            return new RebuildOutcome(null, $"the initial state was {Shown(record[0].Answer)} and is now refused: {exception.Message};");
        }
        catch (EnvironmentFailedException exception) when (tookUp && (exception is EnvironmentTimeoutException || !slot.Container.Exited.IsCancellationRequested))
        {
            // Looked at here: with the place, the container is given up, and then it has exited in any case.
            return new RebuildOutcome(null, exception.Message);
        }
        finally
        {
            // Not before: the place is this instance's until it has failed, however many wait for one.
            if (tookUp) slot.EndAfterwards("a checkpoint was taken up in it");
            if (!repeated) Place.Free(environment, slot);
        }
    }

    /// <returns>Null where the checkpoint may be one of this instance, on this image.</returns>
    private static string? WhyNotOf(IEnvironmentInstance environment, Checkpoint from, IReadOnlyList<JournalEntry> record, ContainerPool pool, ContainerSlot slot)
    {
        if (environment is not ICheckpointedInstance) return $"'{pool.Environment}' has no checkpoints now";
        if (slot.Container.ImageDigest != from.ImageDigest) return $"it is of the image {from.ImageDigest}, and the container runs {slot.Container.ImageDigest}";
        return record.Any(entry => entry.Step == from.Step) ? null : $"the journal has no step {from.Step}";
    }

    /// <returns>False where the environment refuses what it took before.</returns>
    private static async Task<bool> EvaluateAsync(IEnvironmentInstance environment, JournalEntry entry, ContainerPool pool, CancellationToken cancellationToken)
    {
        try
        {
            await pool.LimitedAsync(token => environment.EvaluateAsync(entry.Action, entry.Params, token), cancellationToken);
            return true;
        }
        catch (EnvironmentRejectedException)
        {
            return false;
        }
    }

    /// <returns>Null where the environment refuses what it took before.</returns>
    private static async Task<StepAnswer?> StepAsync(
        IEnvironmentInstance environment, JournalEntry entry, int? maxSteps, ContainerPool pool, CancellationToken cancellationToken)
    {
        try
        {
            var data = await pool.LimitedAsync(token => environment.StepAsync(entry.Action, entry.Params, token), cancellationToken);
            return StepAnswer.Compose(data, entry.Step!.Value, maxSteps, pool.Traits.Canonical);
        }
        catch (EnvironmentRejectedException)
        {
            return null;
        }
    }

    private static bool Same(byte[] hash, JournalEntry entry) => entry.ObservationHash.AsSpan().SequenceEqual(hash);

    private static RebuildOutcome Differs(string where, JournalEntry recorded, byte[] replayed) =>
        new(null, $"{where} was {Shown(recorded.Answer)} and is now {Shown(replayed)};");

    private static RebuildOutcome Refused(string where, JournalEntry recorded) =>
        new(null, $"{where} was {Shown(recorded.Answer)} and is now refused;");

    private static string Shown(byte[] answer)
    {
        var text = Encoding.UTF8.GetString(answer);
        return text.Length <= LongestShown ? text : $"{text.AsSpan(0, LongestShown)}… ({answer.Length} bytes)";
    }
}
