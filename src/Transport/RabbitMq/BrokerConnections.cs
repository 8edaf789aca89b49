using RabbitMQ.Client;
using SandQueue.Transport.Brokers;

namespace SandQueue.Transport.RabbitMq;

/// <summary>Opens connections to the farm's broker beside that of the bus, for the door that speaks AMQP to trainers.</summary>
public sealed class BrokerConnections
{
    private readonly BrokerConnection _broker;

    internal BrokerConnections(BrokerConnection broker) => _broker = broker;

    /// <summary>Opens a connection that does not recover by itself: who holds it sees its end, and opens another.</summary>
    /// <exception cref="BrokerRefusedException">The broker is there, and refuses us.</exception>
    public Task<IConnection> OpenAsync(CancellationToken cancellationToken) => _broker.OpenAsync(cancellationToken);
}
