using SandQueue.Workers.Abstractions;

namespace SandQueue.Workers.Pools;

/// <summary>An instance's place in a container. Disposing it gives the place back.</summary>
internal sealed class ContainerSlot(ContainerPool pool, PooledContainer pooled) : IDisposable
{
    private int _left;

    public IContainer Container => pooled.Container;

    /// <summary>Whether no other instance has ever been in the container.</summary>
    public bool IsIsolated => pooled.IsIsolated;

    /// <summary>The calls that run in the container, of all its instances, and those that failed in it.</summary>
    public CallCount Calls => pooled.Calls;

    /// <summary>A call ran out of time: until the container answers a health check, it takes no more instances.</summary>
    public void Quarantine() => pool.Quarantine(pooled);

    /// <summary>The container takes no more instances and ends with those it has.</summary>
    public void EndAfterwards(string reason) => pool.MarkDue(pooled, reason);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _left, 1) == 0) pool.Leave(pooled);
    }
}
