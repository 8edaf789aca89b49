using SandQueue.Workers.Abstractions;

namespace SandQueue.Workers.Pools;

/// <summary>Containers beside the maximum, each for one instance alone: for actions that may kill or hang whatever they run in.</summary>
internal sealed class IsolatedContainers(SlotAllocator slots, ContainerStarter starter, ContainerLifecycle lifecycle)
{
    private const int AtOnce = 2;

    /// <summary>Never disposed, which would free nothing: an instance may leave its container after the pool has ended.</summary>
    private SemaphoreSlim Isolated { get; } = new(AtOnce);

    /// <summary>Starts one; it holds its instance already.</summary>
    /// <exception cref="ContainerException">It could not be started.</exception>
    public async Task<PooledContainer> StartAsync(CancellationToken cancellationToken)
    {
        await Isolated.WaitAsync(cancellationToken);
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifecycle.Stopping);
            var container = await starter.StartAsync(limit.Token, isolated: true);
            (container.Instances, container.Served, container.Retiring, container.Due) = (1, 1, true, "it was for one instance alone");
            slots.Add(container);
            return container;
        }
        catch
        {
            Isolated.Release();
            throw;
        }
    }

    /// <summary>The instance of one has left it.</summary>
    public void Left() => Isolated.Release();
}
