using Microsoft.EntityFrameworkCore;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Fleet;

/// <summary>
/// Which workers there are, what they serve, and whether they live: whether their lease, counted by the database's
/// clock, has not ended. A lease that ended once is never renewed, so a worker seen dead stays dead.
/// </summary>
public sealed class WorkerDirectory
{
    private readonly IContextSource _contexts;
    private readonly IContextSource _leases;
    private readonly IScanLock _scans;

    private readonly string _now;
    private readonly string _renewal;
    private readonly string _removal;

    internal WorkerDirectory(IContextSource contexts, IContextSource leases, IScanLock scans)
    {
        (_contexts, _leases, _scans) = (contexts, leases, scans);
        _now = $"SELECT {leases.Clock} AS \"Value\"";

        // EF deletes no rows of a table that two of its types share.
        _removal =
            $$"""
            DELETE FROM workers WHERE lease_until < {{contexts.Clock}} - {0}
                AND NOT EXISTS (SELECT 1 FROM instances WHERE instances.owner = workers.name AND instances.ended_at IS NULL)
            """;
        _renewal =
            $$"""
            UPDATE workers SET lease_until = {{leases.Clock}} + {1}, free_slots = {2}, capacity = {3}, containers = COALESCE({7}, workers.containers), received_at = {{leases.Clock}} - {4},
                receiving_since = CASE WHEN {{leases.Clock}} - {4} - workers.received_at > {6} THEN {{leases.Clock}} - {4} ELSE workers.receiving_since END
            FROM (SELECT name FROM workers WHERE name = {0}{{leases.RowLock}}) AS locked
            WHERE workers.name = locked.name AND workers.lease_until > {{leases.Clock}} AND ({4} <= {5} OR NOT EXISTS (
                SELECT 1 FROM workers AS other
                WHERE other.name <> {0} AND other.lease_until > {{leases.Clock}} AND other.received_at >= {{leases.Clock}} - {6} AND other.receiving_since <= {{leases.Clock}} - {5}))
            """;
    }

    /// <summary>Enters a new worker, with its first lease, which is counted from before the row was written.</summary>
    public async Task RegisterAsync(Worker worker, TimeSpan lease, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(worker);
        await using var context = await _leases.OpenForWritingAsync(cancellationToken);
        worker.StartedAt = await context.Database.SqlQueryRaw<long>(_now).SingleAsync(cancellationToken);
        worker.LeaseUntil = worker.StartedAt + Milliseconds(lease);
        worker.ReceivedAt = worker.ReceivingSince = worker.StartedAt;
        context.Workers.Add(worker);
        await context.SaveChangesAsync(cancellationToken);
    }

    /// <summary>
    /// Renews a lease that has not ended, and publishes the worker's capacity and when it last received. The database compares the lease
    /// with its clock once it has locked the row, so that no wait between the two revives a lease that ended in it. By the same clock it
    /// refuses a worker that receives nothing while another one does: see <see cref="StallRule"/>.
    /// </summary>
    /// <param name="name">The worker's name.</param>
    /// <param name="lease">The length of the lease.</param>
    /// <param name="sinceReceived">How long ago the worker last received a message through its own queue.</param>
    /// <param name="capacity">What it can still take, by environment.</param>
    /// <param name="containers">Its containers; null where they are as they were published last.</param>
    /// <param name="cancellationToken">Gives the wait up.</param>
    public async Task<LeaseVerdict> RenewAsync(
        string name,
        TimeSpan lease,
        TimeSpan sinceReceived,
        IReadOnlyList<EnvironmentCapacity> capacity,
        IReadOnlyList<WorkerContainer>? containers,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(capacity);
        object?[] values =
        [
            name, Milliseconds(lease), capacity.Sum(environment => environment.FreeSlots), CapacityJson.Write(capacity),
            Milliseconds(sinceReceived), Milliseconds(StallRule.Limit(lease)), Milliseconds(StallRule.Gap(lease)),
            containers is null ? null : ContainersJson.Write(containers),
        ];
        await using (var context = await _leases.OpenForWritingAsync(cancellationToken))
        {
            if (await context.Database.ExecuteSqlRawAsync(_renewal, values!, cancellationToken) == 1) return LeaseVerdict.Renewed;
        }

        await using var reading = await _leases.OpenAsync(cancellationToken);
        return await Living(reading).AnyAsync(worker => worker.Name == name, cancellationToken) ? LeaseVerdict.Stalled : LeaseVerdict.Ended;
    }

    public async Task<List<Worker>> ListLivingAsync(CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        return await Living(context).OrderBy(worker => worker.Name).ToListAsync(cancellationToken);
    }

    /// <summary>What the living workers published of their containers, in the order of the workers' names; one query, whatever their number.</summary>
    public async Task<List<WorkerContainers>> ListContainersAsync(CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        var living = context.Workers.Where(worker => worker.LeaseUntil > DatabaseClock.Now()).Select(worker => worker.Name);
        return await context.WorkerContainers.AsNoTracking().Where(row => living.Contains(row.Name)).OrderBy(row => row.Name).ToListAsync(cancellationToken);
    }

    /// <summary>What workers serve and have served, each catalogue once: of those that live, and of those that died and are not forgotten yet.</summary>
    public async Task<List<string>> ListCataloguesAsync(CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        return await context.Workers.Select(worker => worker.Environments).Distinct().ToListAsync(cancellationToken);
    }

    /// <summary>The living worker of that name, or null.</summary>
    public async Task<Worker?> FindLivingAsync(string name, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        return await Living(context).FirstOrDefaultAsync(worker => worker.Name == name, cancellationToken);
    }

    /// <summary>Whether a process lives, under whichever of its names.</summary>
    /// <param name="process">The names' common beginning, up to the last dot.</param>
    /// <param name="cancellationToken">Gives the question up.</param>
    public async Task<bool> IsProcessLivingAsync(string process, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        var names = $"{process}.";
        return await Living(context).AnyAsync(worker => worker.Name.StartsWith(names), cancellationToken);
    }

    /// <summary>Asks a living worker to drain: to hand its instances over and to stop. It looks with every renewal of its lease.</summary>
    /// <returns>False where no such worker lives.</returns>
    public async Task<bool> DrainAsync(string name, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenForWritingAsync(cancellationToken);
        return await context.Workers
            .Where(worker => worker.Name == name && worker.LeaseUntil > DatabaseClock.Now())
            .ExecuteUpdateAsync(set => set.SetProperty(worker => worker.Draining, true), cancellationToken) == 1;
    }

    /// <summary>Whether a worker was asked to drain.</summary>
    public async Task<bool> IsDrainingAsync(string name, CancellationToken cancellationToken)
    {
        await using var context = await _leases.OpenAsync(cancellationToken);
        return await context.Workers.AnyAsync(worker => worker.Name == name && worker.Draining, cancellationToken);
    }

    /// <summary>Says what a worker serves, and what it can take of it.</summary>
    public async Task DescribeAsync(string name, string environments, IReadOnlyList<EnvironmentCapacity> capacity, CancellationToken cancellationToken)
    {
        var freeSlots = capacity.Sum(environment => environment.FreeSlots);
        await using var context = await _contexts.OpenForWritingAsync(cancellationToken);
        await context.Workers.Where(worker => worker.Name == name).ExecuteUpdateAsync(
            set => set.SetProperty(worker => worker.Environments, environments).SetProperty(worker => worker.FreeSlots, freeSlots).SetProperty(worker => worker.Capacity, capacity), cancellationToken);
    }

    /// <summary>Ends a worker's own lease, so that its instances can be taken over at once.</summary>
    public async Task EndLeaseAsync(string name, CancellationToken cancellationToken)
    {
        await using var context = await _leases.OpenForWritingAsync(cancellationToken);
        await context.Workers.Where(worker => worker.Name == name).ExecuteUpdateAsync(set => set.SetProperty(worker => worker.LeaseUntil, 0L), cancellationToken);
    }

    /// <summary>Ends every lease, for who knows that no worker lives.</summary>
    public async Task EndAllLeasesAsync(CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenForWritingAsync(cancellationToken);
        await context.Workers.ExecuteUpdateAsync(set => set.SetProperty(worker => worker.LeaseUntil, 0L), cancellationToken);
    }

    /// <summary>Removes the rows of workers whose lease ended long ago and who own no living instance.</summary>
    /// <returns>How many they were; 0 where another process does it.</returns>
    public async Task<int> ForgetAsync(TimeSpan endedFor, CancellationToken cancellationToken)
    {
        await using var scan = await _scans.TryAcquireAsync(ClusterScan.DeadWorkers, cancellationToken);
        if (scan is null) return 0;
        await using var context = await _contexts.OpenForWritingAsync(cancellationToken);
        return await context.Database.ExecuteSqlRawAsync(_removal, [Milliseconds(endedFor)], cancellationToken);
    }

    private static IQueryable<Worker> Living(SandQueueContext context) => context.Workers.AsNoTracking().Where(worker => worker.LeaseUntil > DatabaseClock.Now());

    private static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;
}
