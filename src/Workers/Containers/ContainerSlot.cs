namespace SandQueue.Workers.Containers;

/// <summary>An instance's place in a container. Disposing it gives the place back.</summary>
internal sealed class ContainerSlot(ContainerPool pool, PooledContainer pooled) : IDisposable
{
    private int _left;

    public IContainer Container => pooled.Container;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _left, 1) == 0) pool.Leave(pooled);
    }
}
