using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace SandQueue.Client.Amqp;

/// <summary>How the broker is reached.</summary>
internal sealed class AmqpBroker
{
    private readonly ConnectionFactory _factory;

    /// <param name="address"><c>amqp://user:password@host:port/virtualhost</c>, or <c>amqps</c>.</param>
    public AmqpBroker(Uri address)
    {
        // Whoever holds a connection sees its end and opens another: what waited for a reply there has to be sent again anyway.
        _factory = new ConnectionFactory
        {
            Uri = address,
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
            RequestedConnectionTimeout = TimeSpan.FromSeconds(10),
            RequestedHeartbeat = TimeSpan.FromSeconds(15),
            ContinuationTimeout = TimeSpan.FromSeconds(10),
            ClientProvidedName = "SandQueue.Client",
        };
    }

    /// <summary>Who we are there.</summary>
    public string User => _factory.UserName;

    /// <summary>The same without who we are.</summary>
    public string Name => $"{_factory.HostName}:{_factory.Endpoint.Port}{(_factory.VirtualHost == "/" ? "" : $"/{_factory.VirtualHost}")}";

    /// <exception cref="BrokerUnreachableException">It is not there, or refuses us.</exception>
    public Task<IConnection> OpenAsync(CancellationToken cancellationToken) => _factory.CreateConnectionAsync(cancellationToken);
}
