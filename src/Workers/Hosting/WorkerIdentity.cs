namespace SandQueue.Workers.Hosting;

/// <summary>
/// Who this worker is. New at every start and whenever a lease was lost, so that nothing meant for a worker before it is
/// taken for its own.
/// </summary>
public sealed class WorkerIdentity
{
    public string Name { get; private set; } = NewName();

    /// <summary>Comes back as another worker.</summary>
    internal void Change() => Name = NewName();

    private static string NewName() => $"{Environment.MachineName}-{Guid.NewGuid():n}".ToLowerInvariant();
}
