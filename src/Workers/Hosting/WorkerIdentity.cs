namespace SandQueue.Workers.Hosting;

/// <summary>Who this worker is. New at every start, so that nothing meant for a worker before it is taken for its own.</summary>
public sealed class WorkerIdentity
{
    public string Name { get; } = $"{Environment.MachineName}-{Guid.NewGuid():n}".ToLowerInvariant();
}
