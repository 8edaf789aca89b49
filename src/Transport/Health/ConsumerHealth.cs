using System.Collections.Concurrent;

namespace SandQueue.Transport.Health;

/// <summary>Sums up the own queues of this process.</summary>
internal sealed class ConsumerHealth(TimeProvider time) : IConsumerHealth
{
    private readonly ConcurrentDictionary<OwnQueue, bool> _queues = new();

    public TimeSpan SinceReceived => _queues.Keys.Select(queue => queue.SinceReceived).DefaultIfEmpty().Max();

    /// <summary>Counts a queue in from now on, until it is disposed.</summary>
    public OwnQueue Add()
    {
        var queue = new OwnQueue(time, removed => _queues.TryRemove(removed, out _));
        _queues.TryAdd(queue, true);
        return queue;
    }
}
