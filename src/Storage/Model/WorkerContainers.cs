namespace SandQueue.Storage.Model;

/// <summary>The containers of a worker: a part of its row that is read by itself, because gateways look at all workers every few seconds and need none of it.</summary>
public sealed class WorkerContainers
{
    /// <summary>The worker's name.</summary>
    public required string Name { get; set; }

    /// <summary>What it published last; empty until its first renewal, and of a version that publishes none.</summary>
    public IReadOnlyList<WorkerContainer> Containers { get; set; } = [];
}
