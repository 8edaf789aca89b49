namespace SandQueue.Workers.Pools;

/// <summary>
/// Keeps a container in which a call ran out of time from new instances. It is given some seconds: one that answers a health
/// check, and says of no call that it still runs, is used again; one that answers while the call goes on is drained and
/// replaced; one that does not answer is ended.
/// </summary>
internal sealed class ContainerQuarantine(SlotAllocator slots, ContainerStarter starter, ContainerLifecycle lifecycle, TimeProvider time)
{
    /// <summary>A server that is only busy answers its health check within this, and a call that is only late has ended.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    public void Add(PooledContainer container)
    {
        if (slots.TryQuarantine(container)) lifecycle.Run(() => ResolveAsync(container));
    }

    private async Task ResolveAsync(PooledContainer container)
    {
        var (healthy, overdue) = (false, false);
        try
        {
            healthy = await starter.IsHealthyAsync(container.Container, Limit, lifecycle.Stopping);
            overdue = healthy && await IsOverdueAsync(container);
        }
        catch (OperationCanceledException) when (lifecycle.Stopping.IsCancellationRequested)
        {
            // The pool ends, and the container with it.
        }

        if (!healthy) slots.Drop(container);
        else if (overdue) slots.DrainQuarantined(container, "a call still runs in it though its time is over");
        else slots.EndQuarantine(container);
    }

    private async Task<bool> IsOverdueAsync(PooledContainer container)
    {
        var began = time.GetTimestamp();
        while (await starter.HasOverdueCallAsync(container.Container, Limit, lifecycle.Stopping))
        {
            if (time.GetElapsedTime(began) >= Limit) return true;
            await Task.Delay(Pause, time, lifecycle.Stopping);
        }

        return false;
    }
}
