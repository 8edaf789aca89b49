namespace SandQueue.Transport.Health;

/// <summary>When a message last came through one own queue of this process.</summary>
/// <param name="time">The clock.</param>
/// <param name="ready">Called when the queue is consumed.</param>
/// <param name="over">Called when it no longer is.</param>
internal sealed class OwnQueue(TimeProvider time, Action<OwnQueue> ready, Action<OwnQueue> over) : IDisposable
{
    private long _received = time.GetTimestamp();

    public TimeSpan SinceReceived => time.GetElapsedTime(Volatile.Read(ref _received));

    /// <summary>From now on it is consumed, and its silence counts.</summary>
    public void Ready()
    {
        Mark();
        ready(this);
    }

    /// <summary>A message came.</summary>
    public void Mark() => Volatile.Write(ref _received, time.GetTimestamp());

    public void Dispose() => over(this);
}
