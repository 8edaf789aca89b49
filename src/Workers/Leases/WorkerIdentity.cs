using System.Globalization;

namespace SandQueue.Workers.Leases;

/// <summary>
/// Who this worker is. New at every start and whenever a lease was lost, so that nothing meant for a worker before it is
/// taken for its own.
/// </summary>
internal sealed class WorkerIdentity
{
    private int _changes;

    public WorkerIdentity() => Name = NewName();

    /// <summary>The process, whatever its name is now: what containers are labelled with.</summary>
    public string Process { get; } = $"{Environment.MachineName}-{Guid.NewGuid():n}".ToLowerInvariant();

    /// <summary>The worker's name: its process, and how often that came back.</summary>
    public string Name { get; private set; }

    /// <summary>Comes back as another worker.</summary>
    internal void Change() => Name = NewName();

    private string NewName() => string.Create(CultureInfo.InvariantCulture, $"{Process}.{++_changes}");
}
