using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;

namespace SandQueue.Rollouts.Policies.Replays;

/// <summary>The episodes in the journal.</summary>
public sealed class JournaledEpisodes(InstanceDirectory instances, EpisodeReader episodes) : IRecordedEpisodes
{
    /// <inheritdoc/>
    public async Task<SourceEpisode?> FindAsync(string tenant, long? episodeId, string? instanceId, CancellationToken cancellationToken)
    {
        var row = episodeId is { } number
            ? await instances.FindEpisodeAsync(tenant, number, cancellationToken)
            : await instances.FindNewestAsync(tenant, instanceId ?? "", cancellationToken);
        return row is null ? null : new SourceEpisode(row.EpisodeId, row.EnvType, row.TaskId, row.Params, await episodes.ReadCommandsAsync(row.EpisodeId, cancellationToken));
    }

    /// <inheritdoc/>
    public Task<byte[]> ReadAnswerAsync(RecordedCommand command, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        return episodes.ReadAnswerAsync(command, cancellationToken);
    }
}
