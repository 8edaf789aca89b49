using SandQueue.Storage.Model;
using SandQueue.Workers.Abstractions;

namespace SandQueue.Workers.Pools;

/// <summary>A container and what its pool records of it. All of it belongs to the pool and changes under its lock.</summary>
internal sealed class PooledContainer(IContainer container, long startedAt)
{
    public IContainer Container { get; } = container;

    public CallCount Calls { get; } = new();

    /// <summary>When it became ready, as a timestamp of the pool's clock.</summary>
    public long StartedAt { get; } = startedAt;

    /// <summary>The same for people, as its worker's clock showed it.</summary>
    public DateTimeOffset ReadyAt { get; init; }

    /// <summary>Since when it has held nothing.</summary>
    public long EmptySince { get; set; } = startedAt;

    /// <summary>Instances it holds now.</summary>
    public int Instances { get; set; }

    /// <summary>Instances it has been given in its life.</summary>
    public int Served { get; set; }

    /// <summary>Why it is to be recycled, or null.</summary>
    public string? Due { get; set; }

    /// <summary>It takes no more instances and ends when the last has left.</summary>
    public bool Retiring { get; set; }

    /// <summary>A call ran out of time in it, and it has answered no health check since.</summary>
    public bool Quarantined { get; set; }

    /// <summary>It was started for one instance, and ends with it.</summary>
    public bool IsIsolated { get; init; }

    /// <summary>What its pool does with it, for people.</summary>
    public ContainerState State =>
        Container.Exited.IsCancellationRequested ? ContainerState.Exited
        : IsIsolated ? ContainerState.Isolated
        : Quarantined ? ContainerState.Quarantined
        : Retiring ? ContainerState.Retiring
        : ContainerState.Running;

    public bool TakesInstances => !Retiring && !Quarantined && !Container.Exited.IsCancellationRequested;
}
