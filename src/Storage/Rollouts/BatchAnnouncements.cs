using Microsoft.EntityFrameworkCore;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Rollouts;

/// <summary>Hands out batches that paused by themselves or closed and of which nobody was told yet. One process of the farm does so at a time; each is announced at least once.</summary>
public sealed class BatchAnnouncements
{
    private const int AtOnce = 100;

    private readonly IContextSource _contexts;
    private readonly IScanLock _scans;

    internal BatchAnnouncements(IContextSource contexts, IScanLock scans) => (_contexts, _scans) = (contexts, scans);

    /// <param name="announce">Returns once they are announced for good.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>How many they were; 0 where there are none, or another process announces them.</returns>
    public async Task<int> AnnounceAsync(Func<IReadOnlyList<Batch>, CancellationToken, Task> announce, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(announce);
        if ((await ListAsync(1, cancellationToken)).Count == 0) return 0;
        await using var scan = await _scans.TryAcquireAsync(ClusterScan.BatchesToAnnounce, cancellationToken);
        if (scan is null) return 0;
        var batches = await ListAsync(AtOnce, cancellationToken);
        if (batches.Count == 0) return 0;
        await announce(batches, cancellationToken);
        await using var context = await _contexts.OpenForWritingAsync(cancellationToken);
        foreach (var batch in batches)
        {
            // One that has changed since is announced anew.
            await context.Batches.Where(row => row.Id == batch.Id && row.State == batch.State && row.ClosedAt == batch.ClosedAt)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.IsStateAnnounced, true), cancellationToken);
        }

        return batches.Count;
    }

    private async Task<List<Batch>> ListAsync(int most, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        return await context.Batches.AsNoTracking().Where(row => !row.IsStateAnnounced).OrderBy(row => row.Id).Take(most).ToListAsync(cancellationToken);
    }
}
