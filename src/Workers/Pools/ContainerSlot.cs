using SandQueue.Workers.Abstractions;

namespace SandQueue.Workers.Pools;

/// <summary>An instance's slot in a container. Disposing it gives the slot back.</summary>
internal sealed class ContainerSlot(ContainerPool pool, PooledContainer pooled, string? tenant) : IDisposable
{
    private int _left;

    public IContainer Container => pooled.Container;

    /// <summary>Whether no other instance has ever been in the container.</summary>
    public bool IsIsolated => pooled.IsIsolated;

    /// <summary>The calls that run in the container, of all its instances, and those that failed in it.</summary>
    public CallCount Calls => pooled.Calls;

    /// <summary>Quarantines the container after a call ran out of time: it takes no more instances until it answers a health check.</summary>
    public void Quarantine() => pool.Quarantine(pooled);

    /// <summary>Drains the container: it takes no more instances and ends with those it has.</summary>
    public void EndAfterwards(string reason) => pool.MarkDue(pooled, reason);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _left, 1) == 0) pool.Leave(pooled, tenant);
    }
}
