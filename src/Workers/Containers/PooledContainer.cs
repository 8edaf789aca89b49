namespace SandQueue.Workers.Containers;

/// <summary>A container and how many instances it holds. The count belongs to its pool.</summary>
internal sealed class PooledContainer(IContainer container)
{
    public IContainer Container { get; } = container;

    public int Instances { get; set; }
}
