using Microsoft.Extensions.Logging;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Configuration;

namespace SandQueue.Workers.Pools;

/// <summary>
/// Gives the slots of a pool's containers to those who wait, and starts and ends containers as that needs. Its lock guards
/// the containers, the waiting line and the recycling.
/// </summary>
internal sealed class SlotAllocator(
    EnvironmentOptions options, ContainerSet containers, ContainerLifecycle lifecycle, ContainerRecycling recycling, StartBackoff backoff, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly WaitingLine _waiting = new();
    private readonly TenantShares _shares = new(options, time);

    /// <summary>New instances that still get a slot, in containers that run or that may be started.</summary>
    public int FreeSlots
    {
        get
        {
            lock (_lock) return (int)Math.Clamp(containers.FreeSlots - options.SlotsForRecovery - _waiting.Count, 0, int.MaxValue);
        }
    }

    /// <summary>The containers that run now, to look after outside of the lock.</summary>
    public IReadOnlyList<PooledContainer> Snapshot()
    {
        lock (_lock) return containers.Copy();
    }

    /// <summary>What is read of each container that runs now, under the lock: nothing of it changes meanwhile.</summary>
    public List<T> ReadAll<T>(Func<PooledContainer, T> read)
    {
        lock (_lock) return [.. containers.Copy().Select(read)];
    }

    public PooledContainer? FindRunning()
    {
        lock (_lock) return containers.FindRunning();
    }

    /// <summary>A slot for a new instance where one is free in a running container and nobody waits; else null.</summary>
    /// <param name="tenant">Whom the instance belongs to.</param>
    public PooledContainer? TryTake(string? tenant)
    {
        lock (_lock)
        {
            return _waiting.Count > 0 || lifecycle.Stopping.IsCancellationRequested ? null : TryTake(new WaitingInstance(isRecovery: false, tenant));
        }
    }

    /// <summary>Waits for a slot.</summary>
    /// <exception cref="OperationCanceledException">None became free in time.</exception>
    /// <exception cref="ContainerException">No container could be started.</exception>
    /// <param name="recovery">Whether the instance was made before.</param>
    /// <param name="tenant">Whom the instance belongs to; null where the slot is for no instance.</param>
    /// <param name="cancellationToken">Gives the wait up.</param>
    public async Task<PooledContainer> TakeAsync(bool recovery, string? tenant, CancellationToken cancellationToken)
    {
        var waiting = new WaitingInstance(recovery, tenant);
        lock (_lock)
        {
            if (lifecycle.Stopping.IsCancellationRequested) throw new ContainerException("the worker is stopping");
            if (TryTake(waiting) is { } container) return container;

            cancellationToken.ThrowIfCancellationRequested();
            _waiting.Add(waiting);
            StartForWaiting();
        }

        await using (cancellationToken.UnsafeRegister(_ => GiveUp(waiting, cancellationToken), null))
        {
            return await waiting.Slot.Task;
        }
    }

    /// <summary>Counts an instance that a container was given, which may have been its last.</summary>
    public void Served(PooledContainer container)
    {
        lock (_lock)
        {
            recycling.Served(container);
            RetireDue();
        }
    }

    /// <summary>Gives a slot back.</summary>
    public void Leave(PooledContainer container, string? tenant)
    {
        lock (_lock)
        {
            _shares.Left(tenant);
            if (--container.Instances == 0) container.EmptySince = time.GetTimestamp();
            RetireDue();
            ServeWaiting();
        }
    }

    /// <summary>Takes in a container that was started.</summary>
    public void Add(PooledContainer container)
    {
        lock (_lock)
        {
            containers.Add(container);
            if (lifecycle.Stopping.IsCancellationRequested) End(container);
            else ServeWaiting();
        }

        container.Container.Exited.UnsafeRegister(_ => Drop(container), null);
    }

    /// <summary>Ends a container that has exited or does not answer.</summary>
    public void Drop(PooledContainer container)
    {
        lock (_lock)
        {
            if (!containers.Contains(container)) return;
            End(container);
            RetireDue();
            ServeWaiting();
        }
    }

    /// <summary>Drains a container: it takes no more instances, ends with those it has, and a fresh one replaces it.</summary>
    public void MarkDue(PooledContainer container, string reason)
    {
        lock (_lock)
        {
            container.Due ??= reason;
            RetireDue();
            ServeWaiting();
        }
    }

    /// <returns>False where it is in quarantine already, or does not run.</returns>
    public bool TryQuarantine(PooledContainer container)
    {
        lock (_lock)
        {
            if (container.Quarantined || lifecycle.Stopping.IsCancellationRequested || !containers.Contains(container)) return false;
            return container.Quarantined = true;
        }
    }

    /// <summary>A container in quarantine takes no more instances, and ends with those it has; a fresh one replaces it at once.</summary>
    public void DrainQuarantined(PooledContainer container, string reason)
    {
        lock (_lock)
        {
            if (!containers.Contains(container)) return;
            container.Due ??= reason;
            container.Retiring = true;
            RetireDue();
            Start(options.MinContainers - containers.Running);
            ServeWaiting();
        }
    }

    /// <summary>A container takes instances again.</summary>
    public void EndQuarantine(PooledContainer container)
    {
        lock (_lock)
        {
            container.Quarantined = false;
            ServeWaiting();
        }
    }

    /// <summary>Ends containers above the minimum that have held nothing for long.</summary>
    public void Shrink()
    {
        lock (_lock) recycling.Shrink(End);
    }

    public void StartMinimum()
    {
        lock (_lock)
        {
            Start(options.MinContainers - containers.Running);

            // Whoever left a slot to another tenant that did not come back for it.
            ServeWaiting();
        }
    }

    /// <summary>Ends all containers and fails those who wait.</summary>
    /// <returns>False where that has been done before.</returns>
    public bool Stop()
    {
        lock (_lock)
        {
            if (lifecycle.Stopping.IsCancellationRequested) return false;
            lifecycle.Stop();
            _waiting.Fail(_waiting.Count, new ContainerException("the worker is stopping"));
            foreach (var container in containers.Copy()) End(container);
            return true;
        }
    }

    private void GiveUp(WaitingInstance waiting, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!_waiting.Remove(waiting)) return;
            _shares.GaveUp(waiting);
            waiting.Slot.SetCanceled(cancellationToken);
        }
    }

    private void ServeWaiting()
    {
        _waiting.Serve(TryTake);
        StartForWaiting();
    }

    private PooledContainer? TryTake(WaitingInstance waiting)
    {
        if (!_shares.MayTake(waiting, containers.FreeSlots - options.SlotsForRecovery, _waiting.All)) return null;
        var container = containers.TryTakeSlot(waiting.IsRecovery);
        if (container is not null) _shares.Took(waiting.Tenant);
        return container;
    }

    private void StartForWaiting()
    {
        var uncovered = Uncovered();
        if (uncovered <= 0) return;
        var needed = (uncovered + options.InstancesPerContainer - 1) / options.InstancesPerContainer;
        Start((int)Math.Min(needed, options.MaxContainers - containers.Running));
    }

    /// <summary>Those who wait and will find no slot in the containers that are being started.</summary>
    private long Uncovered() => _waiting.Count - ((long)containers.Starting * options.InstancesPerContainer);

    private void RetireDue()
    {
        var replaced = recycling.RetireDue(End);
        Start(Math.Min(replaced, options.MinContainers - containers.Running));
    }

    private void Start(int count)
    {
        for (; count > 0 && !lifecycle.Stopping.IsCancellationRequested; count--)
        {
            containers.Starting++;
            lifecycle.Start(Started);
        }
    }

    private void Started(PooledContainer? container, ContainerException? failure)
    {
        lock (_lock)
        {
            containers.Starting--;
            if (container is not null)
            {
                backoff.Succeeded();
                Add(container);
            }
            else if (failure is not null)
            {
                backoff.Failed();
                _waiting.Fail((int)Math.Clamp(Uncovered(), 0, options.InstancesPerContainer), failure);
                StartForWaiting();
            }
        }
    }

    private void End(PooledContainer container)
    {
        containers.Remove(container);
        lifecycle.End(container.Container);
    }
}
