namespace SandQueue.Workers.Leases;

/// <summary>Whether this worker drains: it makes no instance and takes none over any more.</summary>
internal sealed class DrainState
{
    private volatile bool _begun;

    public bool IsDraining => _begun;

    public void Begin() => _begun = true;
}
