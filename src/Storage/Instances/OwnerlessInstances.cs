using Microsoft.EntityFrameworkCore;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Instances;

/// <summary>Ends the instances that no living worker will end. One process of the farm does so at a time; the others skip it.</summary>
public sealed class OwnerlessInstances
{
    private readonly IContextSource _contexts;
    private readonly IScanLock _scans;

    internal OwnerlessInstances(IContextSource contexts, IScanLock scans) => (_contexts, _scans) = (contexts, scans);

    /// <summary>Releases the instances unused for long whose owner's lease has ended, by one compare-and-set.</summary>
    /// <returns>How many they were; 0 where another process does it.</returns>
    public async Task<int> ReleaseUnusedAsync(TimeSpan unused, string detail, CancellationToken cancellationToken)
    {
        await using var scan = await _scans.TryAcquireAsync(ClusterScan.OwnerlessInstances, cancellationToken);
        if (scan is null) return 0;
        await using var context = await _contexts.OpenForWritingAsync(cancellationToken);
        var unusedMs = (long)unused.TotalMilliseconds;
        var ownerless = context.Instances.Where(row => row.EndedAt == null
            && row.LastUsedAt < DatabaseClock.Now() - unusedMs
            && !context.Workers.Any(worker => worker.Name == row.Owner && worker.LeaseUntil > DatabaseClock.Now()));
        return await EndAsync(ownerless, InstanceState.Released, detail, cancellationToken);
    }

    /// <summary>
    /// Ends the instances that were claimed and never made: their Create wrote no row although its worker is dead, or although it was claimed
    /// longer ago than any Create takes. The worker of a Create that goes on all the same finds its instance ended and writes nothing.
    /// </summary>
    /// <param name="longest">The longest that a Create of a living worker takes.</param>
    /// <param name="detail">Why they ended, one line for people.</param>
    /// <param name="cancellationToken">Gives the wait up.</param>
    /// <returns>How many they were; 0 where another process does it.</returns>
    public async Task<int> FailUnmadeAsync(TimeSpan longest, string detail, CancellationToken cancellationToken)
    {
        await using var scan = await _scans.TryAcquireAsync(ClusterScan.UnmadeInstances, cancellationToken);
        if (scan is null) return 0;
        await using var context = await _contexts.OpenForWritingAsync(cancellationToken);
        var longestMs = (long)longest.TotalMilliseconds;
        var unmade = context.Instances.Where(row => row.EndedAt == null
            && row.State == InstanceState.Creating
            && (row.CreatedAt < DatabaseClock.Now() - longestMs
                || !context.Workers.Any(worker => worker.Name == row.Owner && worker.LeaseUntil > DatabaseClock.Now())));
        return await EndAsync(unmade, InstanceState.Failed, detail, cancellationToken);
    }

    /// <summary>
    /// The living instances that name a worker as their owner and are unused for long. A worker parks those that it does not hold: it
    /// dropped them, or their takeover failed after its commit, and no other worker would release them while it lives.
    /// </summary>
    /// <param name="owner">The worker's name.</param>
    /// <param name="unused">Longer than any takeover takes.</param>
    /// <param name="cancellationToken">Gives the wait up.</param>
    public async Task<List<ParkedInstance>> ListUnusedAsync(string owner, TimeSpan unused, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        var unusedMs = (long)unused.TotalMilliseconds;
        return await context.Instances
            .Where(row => row.Owner == owner && row.EndedAt == null && row.State == InstanceState.Live && row.LastUsedAt < DatabaseClock.Now() - unusedMs)
            .Select(row => new ParkedInstance(row.EpisodeId, row.Epoch, row.LastUsedAt))
            .ToListAsync(cancellationToken);
    }

    private static Task<int> EndAsync(IQueryable<Instance> instances, InstanceState state, string detail, CancellationToken cancellationToken) =>
        instances.ExecuteUpdateAsync(
            set => set.SetProperty(row => row.State, state)
                .SetProperty(row => row.EndedAt, _ => DatabaseClock.Now())
                .SetProperty(row => row.EndDetail, detail),
            cancellationToken);
}
