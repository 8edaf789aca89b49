using SandQueue.Storage.Model;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;
using SandQueue.Workers.Pools;
using SandQueue.Workers.Recovery.State;
using SandQueue.Workers.Replay;

namespace SandQueue.Workers.Recovery;

/// <summary>Replays an episode in a slot until it is proven the same: stops at the first difference, and gives the slot back then.</summary>
internal sealed class VerifiedReplay(EpisodeReplay replay)
{
    /// <param name="episode">The episode; the create first.</param>
    /// <param name="innerId">A name for the fresh instance inside of the container.</param>
    /// <param name="traits">What its environment says of itself.</param>
    /// <param name="slot">A slot, which is given back unless the instance is proven.</param>
    /// <param name="from">The checkpoint to start from after the initial state; null: with the first step.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="EnvironmentFailedException">The environment failed, and its container lives.</exception>
    public async Task<RebuildOutcome> RunAsync(
        RecordedEpisode episode, string innerId, EnvironmentTraits traits, ContainerSlot slot, Checkpoint? from, CancellationToken cancellationToken)
    {
        IEnvironmentInstance? environment = null;
        var (proven, restored) = (false, false);
        try
        {
            var row = episode.Row;
            environment = await slot.CreateAsync(replay.Again(episode, innerId), cancellationToken);
            var opening = Opening.Compose(environment.Opening, row.InstanceId, row.TaskId, slot.Container.ImageDigest, traits.Canonical);
            var (last, repeated) = ((Observation?)null, 0);
            var fresh = new FreshInstance(environment, opening, traits.Canonical, traits.EvaluateChangesState);
            await foreach (var command in replay.RunAsync(episode, fresh, from?.Step ?? 0, cancellationToken))
            {
                if (command is ReplayedCommand.Differing differing) return new RebuildOutcome.Diverged(differing.Description);
                if (command.Observed is { } observation) (last, repeated) = (observation, repeated + 1);
                if (from is null || command.Recorded.Step != 0) continue;

                if (WhyNotFrom(from, environment, episode, slot) is { } reason) return new RebuildOutcome.Diverged(reason);
                restored = true;
                if (await ((ICheckpointedInstance)environment).LoadAsync(from.State, cancellationToken) is { } differs) return new RebuildOutcome.Diverged(differs);
            }

            proven = true;
            var next = episode.Commands.Max(command => command.Step ?? 0) + 1;
            string[] commands = [.. episode.Commands.Select(command => command.CommandId)];
            return new RebuildOutcome.Proven(new RebuiltInstance(slot, environment, opening.Provenance, next, last?.End, commands), repeated);
        }
        catch (EnvironmentRejectedException exception) when (environment is null)
        {
            return new RebuildOutcome.Diverged((await replay.RefusedAsync(episode, exception, cancellationToken)).Description);
        }
        catch (EnvironmentFailedException exception)
        {
            var broke = slot.BrokeWith(exception);
            // A checkpoint may be why it hangs; an exit has other reasons too.
            if (restored && (!broke || exception is EnvironmentTimeoutException)) return new RebuildOutcome.Diverged(exception.Message);
            if (broke) return new RebuildOutcome.Broken(exception.Message);
            throw;
        }
        finally
        {
            // Not before: the slot is this instance's until it has failed, however many wait for one.
            if (restored) slot.EndAfterwards("a checkpoint was restored in it");
            if (!proven) slot.Free(environment);
        }
    }

    /// <returns>Null where the checkpoint may be one of this instance, on this image.</returns>
    private static string? WhyNotFrom(Checkpoint from, IEnvironmentInstance environment, RecordedEpisode episode, ContainerSlot slot)
    {
        if (environment is not ICheckpointedInstance) return $"'{episode.Row.EnvType}' has no checkpoints now";
        if (slot.Container.ImageDigest != from.ImageDigest) return $"it is of the image {from.ImageDigest}, and the container runs {slot.Container.ImageDigest}";
        return episode.Commands.Any(command => command.Step == from.Step) ? null : $"the journal has no step {from.Step}";
    }
}
