using Microsoft.EntityFrameworkCore;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Fleet;

/// <summary>
/// Which workers there are, what they serve, and whether they live: whether their lease, counted by the database's
/// clock, has not ended. A lease that ended once is never renewed, so a worker seen dead stays dead.
/// </summary>
public sealed class WorkerDirectory
{
    private readonly IContextSource _contexts;

    internal WorkerDirectory(IContextSource contexts) => _contexts = contexts;

    /// <summary>Enters a new worker, with its first lease.</summary>
    public async Task RegisterAsync(Worker worker, TimeSpan lease, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(worker);
        await using var context = await _contexts.OpenAsync(cancellationToken);
        worker.StartedAt = await _contexts.NowAsync(context, cancellationToken);
        worker.LeaseUntil = worker.StartedAt + (long)lease.TotalMilliseconds;
        context.Workers.Add(worker);
        await context.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Renews a lease that has not ended, and says how much room the worker has.</summary>
    /// <returns>False where it had ended: the worker owns nothing any more.</returns>
    public async Task<bool> RenewAsync(string name, TimeSpan lease, int freeSlots, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        var now = await _contexts.NowAsync(context, cancellationToken);
        return await context.Workers
            .Where(worker => worker.Name == name && worker.LeaseUntil > now)
            .ExecuteUpdateAsync(
                set => set.SetProperty(worker => worker.LeaseUntil, now + (long)lease.TotalMilliseconds).SetProperty(worker => worker.FreeSlots, freeSlots),
                cancellationToken) == 1;
    }

    public async Task<List<Worker>> ListLivingAsync(CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        var now = await _contexts.NowAsync(context, cancellationToken);
        return await context.Workers.AsNoTracking().Where(worker => worker.LeaseUntil > now).OrderBy(worker => worker.Name).ToListAsync(cancellationToken);
    }

    /// <summary>The living worker of that name, or null.</summary>
    public async Task<Worker?> FindLivingAsync(string name, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        var now = await _contexts.NowAsync(context, cancellationToken);
        return await context.Workers.AsNoTracking().FirstOrDefaultAsync(worker => worker.Name == name && worker.LeaseUntil > now, cancellationToken);
    }

    /// <summary>Whether a process lives, under whichever of its names.</summary>
    /// <param name="process">The names' common beginning, up to the last dot.</param>
    /// <param name="cancellationToken">Gives the question up.</param>
    public async Task<bool> IsProcessLivingAsync(string process, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        var now = await _contexts.NowAsync(context, cancellationToken);
        var names = $"{process}.";
        return await context.Workers.AnyAsync(worker => worker.Name.StartsWith(names) && worker.LeaseUntil > now, cancellationToken);
    }

    /// <summary>Asks a living worker to hand its instances over and to leave; it looks with every renewal of its lease.</summary>
    /// <returns>False where no such worker lives.</returns>
    public async Task<bool> DrainAsync(string name, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        var now = await _contexts.NowAsync(context, cancellationToken);
        return await context.Workers
            .Where(worker => worker.Name == name && worker.LeaseUntil > now)
            .ExecuteUpdateAsync(set => set.SetProperty(worker => worker.Draining, true), cancellationToken) == 1;
    }

    /// <summary>Whether a worker was asked to leave.</summary>
    public async Task<bool> IsDrainingAsync(string name, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        return await context.Workers.AnyAsync(worker => worker.Name == name && worker.Draining, cancellationToken);
    }

    /// <summary>Says what a worker serves.</summary>
    public async Task DescribeAsync(string name, string environments, int freeSlots, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        await context.Workers.Where(worker => worker.Name == name).ExecuteUpdateAsync(
            set => set.SetProperty(worker => worker.Environments, environments).SetProperty(worker => worker.FreeSlots, freeSlots), cancellationToken);
    }

    /// <summary>Ends a worker's own lease, so that what it leaves behind can be taken over at once.</summary>
    public async Task EndLeaseAsync(string name, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        await context.Workers.Where(worker => worker.Name == name).ExecuteUpdateAsync(set => set.SetProperty(worker => worker.LeaseUntil, 0L), cancellationToken);
    }

    /// <summary>Ends every lease, for who knows that no worker lives.</summary>
    public async Task EndAllLeasesAsync(CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        await context.Workers.ExecuteUpdateAsync(set => set.SetProperty(worker => worker.LeaseUntil, 0L), cancellationToken);
    }

    /// <summary>Forgets workers whose lease ended long ago and who own no living instance.</summary>
    public async Task<int> ForgetAsync(TimeSpan endedFor, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        var before = await _contexts.NowAsync(context, cancellationToken) - (long)endedFor.TotalMilliseconds;
        return await context.Workers
            .Where(worker => worker.LeaseUntil < before && !context.Instances.Any(row => row.Owner == worker.Name && row.EndedAt == null))
            .ExecuteDeleteAsync(cancellationToken);
    }
}
