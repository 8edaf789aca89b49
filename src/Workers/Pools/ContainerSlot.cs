using SandQueue.Workers.Abstractions;

namespace SandQueue.Workers.Pools;

/// <summary>An instance's slot in a container. Disposing it gives the slot back.</summary>
internal sealed class ContainerSlot(ContainerPool pool, PooledContainer pooled, string? tenant) : IDisposable
{
    private static readonly TimeSpan ReleaseLimit = TimeSpan.FromSeconds(5);

    /// <summary>How long a server may go on making an instance that nobody waits for.</summary>
    private static readonly TimeSpan LateCreateLimit = TimeSpan.FromSeconds(30);

    private int _left;

    public IContainer Container => pooled.Container;

    /// <summary>Whether no other instance has ever been in the container.</summary>
    public bool IsIsolated => pooled.IsIsolated;

    /// <summary>The calls that run in the container, of all its instances, and those that failed in it.</summary>
    public CallCount Calls => pooled.Calls;

    /// <summary>
    /// Makes the instance of this slot. Each of its calls is limited by the settings of its environment. Where the caller gives it up, its
    /// server may make it all the same: then it is released, or it would stay in the server for ever.
    /// </summary>
    /// <exception cref="EnvironmentRejectedException">The task is unknown, or a parameter is wrong.</exception>
    /// <exception cref="EnvironmentFailedException">The server failed.</exception>
    public async Task<IEnvironmentInstance> CreateAsync(NewInstance request, CancellationToken cancellationToken)
    {
        var limit = new CancellationTokenSource(Timeout.InfiniteTimeSpan, pool.Time);
        var making = pool.CreateAsync(pooled, request, limit.Token);
        try
        {
            return await making.WaitAsync(cancellationToken);
        }
        finally
        {
            if (making.IsCompleted) limit.Dispose();
            else _ = ReleaseLateAsync(making, limit, pool.Time);
        }
    }

    /// <summary>Quarantines the container after a call ran out of time: it takes no more instances until it answers a health check.</summary>
    public void Quarantine() => pool.Quarantine(pooled);

    /// <summary>Whether the container broke with a call that failed: it exited, its server ended, or hung. One that may still run is quarantined.</summary>
    public bool BrokeWith(EnvironmentFailedException failure)
    {
        if (failure.LeavesServerUnusable) Quarantine();
        return failure.LeavesServerUnusable || Container.Exited.IsCancellationRequested;
    }

    /// <summary>Drains the container: it takes no more instances and ends with those it has.</summary>
    public void EndAfterwards(string reason) => pool.MarkDue(pooled, reason);

    /// <summary>
    /// Gives the slot back, and the memory that its instance has in the container. Nothing waits for the memory: the container may be
    /// gone or hang, and an isolated one ends with its slot.
    /// </summary>
    /// <param name="instance">The instance; null where none was made.</param>
    public void Free(IEnvironmentInstance? instance)
    {
        Dispose();
        if (instance is not null && !IsIsolated) _ = ReleaseAsync(instance, pool.Time);
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _left, 1) == 0) pool.Leave(pooled, tenant);
    }

    private static async Task ReleaseLateAsync(Task<IEnvironmentInstance> making, CancellationTokenSource limit, TimeProvider time)
    {
        try
        {
            limit.CancelAfter(LateCreateLimit);
            await ReleaseAsync(await making.WaitAsync(limit.Token), time);
        }
        catch (Exception exception) when (exception is EnvironmentFailedException or EnvironmentRejectedException or OperationCanceledException)
        {
            // There is nothing to release, or nobody who answers.
        }
        finally
        {
            limit.Dispose();
        }
    }

    private static async Task ReleaseAsync(IEnvironmentInstance instance, TimeProvider time)
    {
        using var limit = new CancellationTokenSource(ReleaseLimit, time);
        try
        {
            await instance.ReleaseAsync(limit.Token).WaitAsync(limit.Token);
        }
        catch (Exception exception) when (exception is EnvironmentFailedException or EnvironmentRejectedException or OperationCanceledException)
        {
            // Its memory is freed with its container at the latest.
        }
    }
}
