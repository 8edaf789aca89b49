namespace SandQueue.Workers.Leases;

/// <summary>Whether this worker is about to leave: it makes no instance and takes none over any more.</summary>
internal sealed class DrainState
{
    private volatile bool _begun;

    public bool IsDraining => _begun;

    public void Begin() => _begun = true;
}
