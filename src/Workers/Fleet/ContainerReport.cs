using SandQueue.Storage.Model;
using SandQueue.Workers.Pools;

namespace SandQueue.Workers.Fleet;

/// <summary>This worker's containers as it publishes them with a renewal of its lease: only where they changed, because the list may be long.</summary>
internal sealed class ContainerReport(EnvironmentPools pools)
{
    private List<WorkerContainer> _published = [];

    /// <summary>The containers as they are.</summary>
    public List<WorkerContainer> Measure() => [.. pools.All.SelectMany(pool => pool.Describe())];

    /// <summary>What is to be published; null where the database has it.</summary>
    public IReadOnlyList<WorkerContainer>? Changed(List<WorkerContainer> measured) => measured.SequenceEqual(_published) ? null : measured;

    /// <summary>The database has them now. A worker that has just registered has published none.</summary>
    public void Published(List<WorkerContainer> measured) => _published = measured;
}
