using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace SandQueue.Transport.RabbitMq;

/// <summary>How many messages wait in shared queues, as the broker says. In memory nobody can say, and there is one process that knows.</summary>
public sealed class QueueDepths
{
    private readonly BrokerConnection? _broker;

    internal QueueDepths(BrokerConnection? broker) => _broker = broker;

    /// <summary>The messages that no consumer has yet, by queue; a queue that is not there has none.</summary>
    /// <param name="queues">The queues' names.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="Brokers.BrokerRefusedException">The broker is there, and refuses us.</exception>
    public async Task<IReadOnlyDictionary<string, long>> CountAsync(IEnumerable<string> queues, CancellationToken cancellationToken)
    {
        var depths = new Dictionary<string, long>(StringComparer.Ordinal);
        if (_broker is null) return depths;
        await using var connection = await _broker.OpenAsync(cancellationToken);
        foreach (var queue in queues)
        {
            // The broker closes the channel where there is no such queue.
            await using var channel = await connection.CreateChannelAsync(options: null, cancellationToken);
            try
            {
                depths[queue] = (await channel.QueueDeclarePassiveAsync(queue, cancellationToken)).MessageCount;
            }
            catch (OperationInterruptedException)
            {
                depths[queue] = 0;
            }
        }

        await connection.CloseAsync(cancellationToken);
        return depths;
    }
}
