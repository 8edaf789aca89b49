using SandQueue.Workers.Configuration;

namespace SandQueue.Workers.Pools;

/// <summary>The containers of a pool and their capacity. Every member is called under the pool's lock.</summary>
internal sealed class ContainerSet(EnvironmentOptions options)
{
    private readonly List<PooledContainer> _containers = [];

    /// <summary>Containers that are being started.</summary>
    public int Starting { get; set; }

    /// <summary>Containers that take instances or soon will.</summary>
    public int Running => Starting + _containers.Count(container => container.TakesInstances);

    /// <summary>Slots that are free in all containers together, those that may still be started included.</summary>
    public long FreeSlots =>
        (long)options.MaxContainers * options.InstancesPerContainer
        - _containers.Where(container => container.TakesInstances).Sum(container => (long)container.Instances);

    /// <summary>A copy, which the lock need not guard.</summary>
    public IReadOnlyList<PooledContainer> Copy() => [.. _containers];

    public PooledContainer? FindRunning() => _containers.Find(container => container.TakesInstances);

    public bool Contains(PooledContainer container) => _containers.Contains(container);

    public void Add(PooledContainer container) => _containers.Add(container);

    public void Remove(PooledContainer container) => _containers.Remove(container);

    /// <summary>Takes a slot in the emptiest container, so that instances spread over processors.</summary>
    /// <param name="recovery">Whether the slots reserved for recovery may be taken.</param>
    /// <returns>Null where none is free now.</returns>
    public PooledContainer? TryTakeSlot(bool recovery)
    {
        if (!recovery && FreeSlots <= options.SlotsForRecovery) return null;
        var emptiest = _containers
            .Where(container => container.TakesInstances && container.Instances < options.InstancesPerContainer)
            .MinBy(container => container.Instances);
        if (emptiest is not null) emptiest.Instances++;
        return emptiest;
    }
}
