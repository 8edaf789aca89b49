using SandQueue.Workers.Abstractions;

namespace SandQueue.Workers.Pools;

/// <summary>The part of the pool that keeps actions which may kill or hang a container away from other instances.</summary>
internal sealed partial class ContainerPool
{
    /// <summary>Containers that run beside the maximum, each for one instance and for one action.</summary>
    private const int IsolatedAtOnce = 2;

    /// <summary>A server that is only busy answers its health check within this.</summary>
    private static readonly TimeSpan QuarantineLimit = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _isolated = new(IsolatedAtOnce);

    /// <summary>Starts a container for one instance alone. It ends when its slot is disposed.</summary>
    /// <exception cref="ContainerException">It could not be started.</exception>
    public async Task<ContainerSlot> StartIsolatedAsync(CancellationToken cancellationToken)
    {
        await _isolated.WaitAsync(cancellationToken);
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
            var container = await _starter.StartAsync(limit.Token, isolated: true);
            lock (_lock)
            {
                (container.Instances, container.Retiring, container.Due) = (1, true, "it was for one instance alone");
                _containers.Add(container);
                if (_stopping.IsCancellationRequested) End(container);
            }

            container.Container.Exited.UnsafeRegister(_ => Drop(container), null);
            return new ContainerSlot(this, container);
        }
        catch
        {
            _isolated.Release();
            throw;
        }
    }

    /// <summary>Takes a container in which a call ran out of time out of use until it has answered a health check.</summary>
    internal void Quarantine(PooledContainer container)
    {
        lock (_lock)
        {
            if (container.Quarantined || _stopping.IsCancellationRequested || !_containers.Contains(container)) return;
            container.Quarantined = true;
            _work.Run(() => ResolveAsync(container));
        }
    }

    private async Task ResolveAsync(PooledContainer container)
    {
        var healthy = false;
        try
        {
            healthy = await _starter.IsHealthyAsync(container.Container, QuarantineLimit, _stopping.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The pool ends, and the container with it.
        }

        lock (_lock)
        {
            container.Quarantined = false;
            if (healthy) ServeWaiting();
            else Drop(container);
        }
    }
}
