using SandQueue.Hosting.Settings;

namespace SandQueue.Workers.Pools;

/// <summary>
/// Counts the calls of a container's instances. When a container dies they all fail at once; whether one action did it
/// can be said only where it was the only one.
/// </summary>
internal sealed class CallCount
{
    private int _running;
    private int _failed;

    /// <summary>Calls that may have brought the container down.</summary>
    public int Suspects => Volatile.Read(ref _running) + Volatile.Read(ref _failed);

    public void Began() => Interlocked.Increment(ref _running);

    public void Ended(bool failed)
    {
        // In this order, or a call that fails beside it would see neither.
        if (failed) Interlocked.Increment(ref _failed);
        Interlocked.Decrement(ref _running);
    }
}
