namespace SandQueue.Transport.Health;

/// <summary>When a message last came through one own queue of this process.</summary>
/// <param name="time">The clock.</param>
/// <param name="remove">Called when the queue is no longer consumed.</param>
internal sealed class OwnQueue(TimeProvider time, Action<OwnQueue> remove) : IDisposable
{
    private long _received = time.GetTimestamp();

    public TimeSpan SinceReceived => time.GetElapsedTime(Volatile.Read(ref _received));

    public void Mark() => Volatile.Write(ref _received, time.GetTimestamp());

    public void Dispose() => remove(this);
}
