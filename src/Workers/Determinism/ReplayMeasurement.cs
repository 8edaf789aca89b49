using Microsoft.Extensions.Options;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Pools;
using SandQueue.Workers.Replay;

namespace SandQueue.Workers.Determinism;

/// <summary>
/// Replays recorded episodes of an environment, several times each, and counts the observations that were the same: whether it can be
/// replayed is measured, not believed. Where recovery stops at a difference, this reads on; where recovery finds out whose doing a
/// failure is, here it is the environment's. Reads the journal and writes nothing.
/// </summary>
internal sealed class ReplayMeasurement(InstanceDirectory instances, EpisodeReader episodes, EpisodeReplay replay, IOptions<WorkerOptions> options, TimeProvider time)
{
    /// <param name="pool">Containers of the environment, which has been described.</param>
    /// <param name="most">How many episodes, the newest first.</param>
    /// <param name="times">How often each.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public async Task<ReplayShare> RunAsync(ContainerPool pool, int most, int times, CancellationToken cancellationToken)
    {
        var tally = new ReplayTally(pool.Environment, times);
        foreach (var row in await instances.ListPlayedAsync(pool.Environment, most, cancellationToken))
        {
            var commands = await episodes.ReadCommandsAsync(row.EpisodeId, cancellationToken);
            if (commands is not [{ Kind: JournalKind.Create }, ..]) continue;
            var episode = new RecordedEpisode(row, commands);
            tally.Begin(episode);
            for (var number = 1; number <= times; number++)
            {
                tally.Expect(episode);
                if (!await TryReplayAsync(pool, episode, number, tally, cancellationToken)) return tally.Share;
            }
        }

        return tally.Share;
    }

    /// <returns>False where no server of the environment could be started: then none will for the next replay.</returns>
    private async Task<bool> TryReplayAsync(ContainerPool pool, RecordedEpisode episode, int number, ReplayTally tally, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.Value.RebuildTimeout, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        ContainerSlot slot;
        try
        {
            slot = await pool.AcquireAsync(limit.Token);
        }
        catch (ContainerException exception)
        {
            tally.Fails(EnvironmentFailures.NotStarted(episode.Row, number, exception.Message));
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            tally.Fails(EnvironmentFailures.NotStarted(episode.Row, number, $"no server of it had a free slot within {Limit}"));
            return false;
        }

        await ReplayAsync(slot, pool.Traits, episode, number, tally, limit.Token, cancellationToken);
        return true;
    }

    private async Task ReplayAsync(
        ContainerSlot slot, EnvironmentTraits traits, RecordedEpisode episode, int number, ReplayTally tally, CancellationToken limit, CancellationToken cancellationToken)
    {
        IEnvironmentInstance? environment = null;
        var done = 0;
        try
        {
            var row = episode.Row;
            environment = await slot.CreateAsync(replay.Again(episode, $"replay-{row.EpisodeId}-{number}"), limit);
            var opening = Opening.Compose(environment.Opening, row.InstanceId, row.TaskId, slot.Container.ImageDigest, traits.Canonical);
            var fresh = new FreshInstance(environment, opening, traits.Canonical, traits.EvaluateChangesState);
            await foreach (var command in replay.RunAsync(episode, fresh, afterStep: 0, limit))
            {
                done++;
                if (command is ReplayedCommand.Differing differing) tally.Differs(episode, number, differing.Description);
                else if (command is ReplayedCommand.Same) tally.Same();
            }
        }
        catch (EnvironmentRejectedException exception)
        {
            tally.Differs(episode, number, (await replay.RefusedAsync(episode, exception, cancellationToken)).Description);
        }
        catch (EnvironmentFailedException exception)
        {
            slot.BrokeWith(exception);
            Fails(exception.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            slot.Quarantine();
            Fails($"the replay did not end within {Limit}");
        }
        finally
        {
            slot.Free(environment);
        }

        void Fails(string what)
        {
            var command = EpisodeReplay.CommandsToRun(episode, traits.EvaluateChangesState).ElementAt(done);
            tally.Fails(EnvironmentFailures.Replayed(episode.Row, number, command, what, slot.Container.LastOutput));
        }
    }

    private string Limit => $"{options.Value.RebuildTimeout.TotalSeconds:0} s (Worker:RebuildTimeout)";
}
