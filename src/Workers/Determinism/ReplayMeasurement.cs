using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Pools;
using SandQueue.Workers.Recovery;
using SandQueue.Workers.Replay;

namespace SandQueue.Workers.Determinism;

/// <summary>
/// Plays recorded episodes of an environment again, several times each, and counts the observations that were the same:
/// whether it can be replayed is measured, not believed. Reads the journal and writes nothing.
/// </summary>
internal sealed class ReplayMeasurement(InstanceDirectory instances, EpisodeReader episodes)
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
            var record = await episodes.ReadEpisodeAsync(row.EpisodeId, cancellationToken);
            if (record is not [{ Kind: JournalKind.Create }, ..]) continue;
            played++;
            for (var time = 1; time <= times; time++)
            {
                observations += record.Count(entry => entry.Kind is JournalKind.Create or JournalKind.Step);
                var outcome = await PlayAsync(pool, row, record, time, cancellationToken);
                identical += outcome.Repeated;
                if (outcome.Difference is { } difference) differences.Add($"task '{row.TaskId}', play {time}: {difference}");
            }
        }

        return new ReplayShare(pool.Environment, played, times, observations, identical, differences);
    }

    private static async Task<RebuildOutcome> PlayAsync(ContainerPool pool, Instance row, List<JournalEntry> record, int time, CancellationToken cancellationToken)
    {
        try
        {
            var slot = await pool.AcquireAsync(cancellationToken);
            var outcome = await EpisodeReplay.RunAsync(row, $"replay-{row.EpisodeId}-{time}", record, pool, slot, cancellationToken);
            if (outcome.Instance is { } made) Place.Free(made.Environment, made.Slot);
            return outcome;
        }
        catch (EnvironmentFailedException exception)
        {
            return new RebuildOutcome(null, exception.Message);
        }
    }
}
