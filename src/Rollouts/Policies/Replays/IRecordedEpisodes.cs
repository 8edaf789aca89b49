using SandQueue.Storage.Journal;

namespace SandQueue.Rollouts.Policies.Replays;

/// <summary>Finds episodes that were recorded.</summary>
public interface IRecordedEpisodes
{
    /// <summary>An episode of a tenant.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="episodeId">Its number; null where it is named by its instance.</param>
    /// <param name="instanceId">The name of its instance, of which the newest counts.</param>
    /// <param name="cancellationToken">Gives the wait up.</param>
    /// <returns>Null where the tenant has none.</returns>
    /// <exception cref="System.Data.Common.DbException">The database cannot be reached.</exception>
    Task<SourceEpisode?> FindAsync(string tenant, long? episodeId, string? instanceId, CancellationToken cancellationToken);

    /// <summary>The answer of one of its commands, byte for byte.</summary>
    /// <param name="command">The command.</param>
    /// <param name="cancellationToken">Gives the wait up.</param>
    Task<byte[]> ReadAnswerAsync(RecordedCommand command, CancellationToken cancellationToken);
}
