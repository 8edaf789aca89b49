using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using MassTransit;

namespace SandQueue.Transport.Receiving;

/// <summary>
/// The own queues that this process consumes, by name and by reply address. A message from this process to one of them need not leave it: it is as lost
/// with the process as what the broker holds for it.
/// </summary>
internal sealed class OwnQueues
{
    private readonly ConcurrentDictionary<string, IReadOnlyList<IConsumer>> _consumers = new(StringComparer.Ordinal);

    /// <summary>From now on messages from this process go straight to these consumers, as far as they are <see cref="IReceiver{TMessage}"/>.</summary>
    public void Add(string queue, Uri address, IReadOnlyList<IConsumer> consumers) => (_consumers[queue], _consumers[address.OriginalString]) = (consumers, consumers);

    /// <summary>What is sent there from now on goes over the bus.</summary>
    public void Remove(string queue, Uri address)
    {
        _consumers.TryRemove(queue, out _);
        _consumers.TryRemove(address.OriginalString, out _);
    }

    /// <param name="destination">The name of a queue, or the text of a reply address.</param>
    /// <param name="receiver">Who takes such messages there.</param>
    public bool TryFind<TMessage>(string destination, [NotNullWhen(true)] out IReceiver<TMessage>? receiver)
        where TMessage : class
    {
        receiver = null;
        if (!_consumers.TryGetValue(destination, out var consumers)) return false;
        foreach (var consumer in consumers)
        {
            if ((receiver = consumer as IReceiver<TMessage>) is not null) return true;
        }

        return false;
    }
}
