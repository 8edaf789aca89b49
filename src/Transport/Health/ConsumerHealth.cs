using System.Collections.Concurrent;

namespace SandQueue.Transport.Health;

/// <summary>Sums up the own queues of this process.</summary>
internal sealed class ConsumerHealth(TimeProvider time) : IConsumerHealth
{
    private readonly ConcurrentDictionary<OwnQueue, bool> _queues = new();

    public TimeSpan SinceReceived => _queues.Keys.Select(queue => queue.SinceReceived).DefaultIfEmpty().Max();

    /// <summary>An own queue that is connected next; it counts from <see cref="OwnQueue.Ready"/> on.</summary>
    public OwnQueue NewQueue() => new(time, ready => _queues.TryAdd(ready, true), over => _queues.TryRemove(over, out _));
}
