using Microsoft.EntityFrameworkCore;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Instances;

/// <summary>
/// Hands out the ends of instances that nobody was told of yet. One process of the farm does so at a time; an end is handed out again where that
/// process dies before it has said that it is announced, so each is announced at least once.
/// </summary>
public sealed class EndAnnouncements
{
    private const int EndsPerBatch = 500;

    private readonly IContextSource _contexts;
    private readonly IScanLock _scans;

    internal EndAnnouncements(IContextSource contexts, IScanLock scans) => (_contexts, _scans) = (contexts, scans);

    /// <summary>Announces the oldest instances whose end was not announced, some hundreds at most.</summary>
    /// <param name="announce">Returns once they are announced for good.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>How many they were; 0 where there are none, or another process announces them.</returns>
    public async Task<int> AnnounceAsync(Func<IReadOnlyList<EndedInstance>, CancellationToken, Task> announce, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(announce);

        // Mostly there are none, and then nobody needs the lock.
        if ((await ListAsync(1, cancellationToken)).Count == 0) return 0;
        await using var scan = await _scans.TryAcquireAsync(ClusterScan.EndsToAnnounce, cancellationToken);
        if (scan is null) return 0;
        var ended = await ListAsync(EndsPerBatch, cancellationToken);
        if (ended.Count == 0) return 0;
        await announce(ended, cancellationToken);
        var episodes = ended.ConvertAll(instance => instance.EpisodeId);
        await using var context = await _contexts.OpenForWritingAsync(cancellationToken);
        await context.Instances.Where(row => episodes.Contains(row.EpisodeId)).ExecuteUpdateAsync(set => set.SetProperty(row => row.IsEndAnnounced, true), cancellationToken);
        return ended.Count;
    }

    private async Task<List<EndedInstance>> ListAsync(int most, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        return await context.Instances.AsNoTracking()
            .Where(row => row.EndedAt != null && !row.IsEndAnnounced)
            .OrderBy(row => row.EpisodeId)
            .Take(most)
            .Select(row => new EndedInstance(row.EpisodeId, row.Tenant, row.InstanceId, row.EnvType, row.TaskId, row.State, row.NextStep, row.EndReason, row.EndedAt!.Value, row.EndDetail))
            .ToListAsync(cancellationToken);
    }
}
