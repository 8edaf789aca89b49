using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;
using SandQueue.Workers.Pools;
using SandQueue.Workers.Replay;

namespace SandQueue.Workers.Determinism;

/// <summary>
/// Replays recorded episodes of an environment, several times each, and counts the observations that were the same: whether it can be
/// replayed is measured, not believed. Where recovery stops at a difference, this reads on. Reads the journal and writes nothing.
/// </summary>
internal sealed class ReplayMeasurement(InstanceDirectory instances, EpisodeReader episodes, EpisodeReplay replay)
{
    /// <param name="pool">Containers of the environment, which has been described.</param>
    /// <param name="most">How many episodes, the newest first.</param>
    /// <param name="times">How often each.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public async Task<ReplayShare> RunAsync(ContainerPool pool, int most, int times, CancellationToken cancellationToken)
    {
        var rows = await instances.ListPlayedAsync(pool.Environment, most, cancellationToken);
        var (played, observations, identical) = (0, 0, 0);
        var differences = new List<string>();
        foreach (var row in rows)
        {
            var commands = await episodes.ReadCommandsAsync(row.EpisodeId, cancellationToken);
            if (commands is not [{ Kind: JournalKind.Create }, ..]) continue;
            played++;
            for (var time = 1; time <= times; time++)
            {
                observations += commands.Count(command => command.Kind is JournalKind.Create or JournalKind.Step);
                identical += await ReplayAsync(
                    pool, new RecordedEpisode(row, commands), time, difference => differences.Add($"task '{row.TaskId}', replay {time}: {difference}"), cancellationToken);
            }
        }

        return new ReplayShare(pool.Environment, played, times, observations, identical, differences);
    }

    /// <returns>How many observations were the same.</returns>
    private async Task<int> ReplayAsync(ContainerPool pool, RecordedEpisode episode, int time, Action<string> differs, CancellationToken cancellationToken)
    {
        var identical = 0;
        var slot = await pool.AcquireAsync(cancellationToken);
        IEnvironmentInstance? environment = null;
        try
        {
            var row = episode.Row;
            environment = await slot.CreateAsync(new NewInstance(row.EnvType, row.TaskId, $"replay-{row.EpisodeId}-{time}", row.Params), cancellationToken);
            var opening = Opening.Compose(environment.Opening, row.InstanceId, row.TaskId, slot.Container.ImageDigest, pool.Traits.Canonical);
            var fresh = new FreshInstance(environment, opening, pool.Traits.Canonical, pool.Traits.EvaluateChangesState);
            await foreach (var command in replay.RunAsync(episode, fresh, afterStep: 0, cancellationToken))
            {
                if (command is ReplayedCommand.Differing differing) differs(differing.Description);
                else if (command is ReplayedCommand.Same or ReplayedCommand.NotRun) identical++;
            }
        }
        catch (EnvironmentRejectedException exception)
        {
            differs((await replay.RefusedAsync(episode, exception, cancellationToken)).Description);
        }
        catch (EnvironmentFailedException exception)
        {
            differs(exception.Message);
        }
        finally
        {
            slot.Free(environment);
        }

        return identical;
    }
}
