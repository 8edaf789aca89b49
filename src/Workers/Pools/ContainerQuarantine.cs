namespace SandQueue.Workers.Pools;

/// <summary>Keeps a container in which a call ran out of time from new instances until it has answered a health check; one that does not is ended.</summary>
internal sealed class ContainerQuarantine(SlotAllocator slots, ContainerStarter starter, ContainerLifecycle lifecycle)
{
    /// <summary>A server that is only busy answers its health check within this.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public void Add(PooledContainer container)
    {
        if (slots.TryQuarantine(container)) lifecycle.Run(() => ResolveAsync(container));
    }

    private async Task ResolveAsync(PooledContainer container)
    {
        var healthy = false;
        try
        {
            healthy = await starter.IsHealthyAsync(container.Container, Limit, lifecycle.Stopping);
        }
        catch (OperationCanceledException) when (lifecycle.Stopping.IsCancellationRequested)
        {
            // The pool ends, and the container with it.
        }

        if (healthy) slots.EndQuarantine(container);
        else slots.Drop(container);
    }
}
