namespace SandQueue.Workers.Leases;

/// <summary>Whether this worker is about to leave: it makes no instance and takes none over any more.</summary>
internal sealed class Departure
{
    private volatile bool _begun;

    public bool HasBegun => _begun;

    public void Begin() => _begun = true;
}
