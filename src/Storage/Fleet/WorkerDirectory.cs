using Microsoft.EntityFrameworkCore;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Fleet;

/// <summary>Which workers there are, what they serve, and whether they live.</summary>
public sealed class WorkerDirectory
{
    private readonly IContextSource _contexts;
    private readonly TimeProvider _time;

    internal WorkerDirectory(IContextSource contexts, TimeProvider time)
    {
        _contexts = contexts;
        _time = time;
    }

    public async Task RegisterAsync(Worker worker, CancellationToken cancel)
    {
        await using var context = await _contexts.OpenAsync(cancel);
        context.Workers.Add(worker);
        await context.SaveChangesAsync(cancel);
    }

    /// <summary>Renews a lease that has not ended.</summary>
    /// <returns>False where it had ended: the worker owns nothing any more.</returns>
    public async Task<bool> RenewAsync(string name, TimeSpan lease, int room, CancellationToken cancel)
    {
        var now = Now;
        await using var context = await _contexts.OpenAsync(cancel);
        return await context.Workers
            .Where(worker => worker.Name == name && worker.LeaseUntil > now)
            .ExecuteUpdateAsync(
                set => set.SetProperty(worker => worker.LeaseUntil, now + (long)lease.TotalMilliseconds).SetProperty(worker => worker.Room, room),
                cancel) == 1;
    }

    public async Task<List<Worker>> ListLivingAsync(CancellationToken cancel)
    {
        var now = Now;
        await using var context = await _contexts.OpenAsync(cancel);
        return await context.Workers.AsNoTracking().Where(worker => worker.LeaseUntil > now).OrderBy(worker => worker.Name).ToListAsync(cancel);
    }

    public async Task<bool> IsLivingAsync(string name, CancellationToken cancel)
    {
        var now = Now;
        await using var context = await _contexts.OpenAsync(cancel);
        return await context.Workers.AnyAsync(worker => worker.Name == name && worker.LeaseUntil > now, cancel);
    }

    /// <summary>Ends a worker's own lease, so that what it leaves behind can be taken over at once.</summary>
    public async Task LeaveAsync(string name, CancellationToken cancel)
    {
        await using var context = await _contexts.OpenAsync(cancel);
        await context.Workers.Where(worker => worker.Name == name).ExecuteUpdateAsync(set => set.SetProperty(worker => worker.LeaseUntil, 0L), cancel);
    }

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();
}
