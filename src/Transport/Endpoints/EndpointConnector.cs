using MassTransit;
using Microsoft.Extensions.Logging;
using SandQueue.Contracts;
using SandQueue.Transport.Brokers;
using SandQueue.Transport.Health;
using SandQueue.Transport.Receiving;
using SandQueue.Transport.Sending;

namespace SandQueue.Transport.Endpoints;

/// <summary>
/// Connects a part to its queues once it knows them: a worker when its environments have started, a sender when it
/// has a name.
/// </summary>
public sealed class EndpointConnector
{
    /// <summary>How many messages a process's own queue works on at once; a message is an envelope, and waits for nothing long.</summary>
    private const int ConcurrentMessages = 64;

    private readonly IReceiveEndpointConnector _connector;
    private readonly ITransportEdge _edge;
    private readonly IMessageSender _messages;
    private readonly OwnQueues _local;
    private readonly ConsumerHealth _health;
    private readonly ConnectionWatch _connection;
    private readonly SharedBrokerProbe _broker;
    private readonly TimeProvider _time;
    private readonly ILogger _log;

    internal EndpointConnector(
        IReceiveEndpointConnector connector,
        ITransportEdge edge,
        IMessageSender messages,
        OwnQueues local,
        ConsumerHealth health,
        ConnectionWatch connection,
        TimeProvider time,
        ILogger<ConnectedEndpoint> log)
    {
        (_connector, _edge, _messages, _local, _health, _connection, _time, _log) = (connector, edge, messages, local, health, connection, time, log);
        _broker = new SharedBrokerProbe(edge.ProbeAsync, time);
    }

    /// <summary>Connects to a queue that several processes compete for.</summary>
    /// <param name="queue">Its name, from <see cref="Contracts.QueueNames"/>.</param>
    /// <param name="concurrent">Messages this process takes at once.</param>
    /// <param name="consumers">Take its messages; each works on several at once.</param>
    /// <param name="cancellationToken">Gives the wait for the broker up.</param>
    /// <exception cref="TimeoutException">The broker does not let it receive in time.</exception>
    public Task<ConnectedEndpoint> ConnectSharedAsync(
        string queue, int concurrent, IReadOnlyList<IConsumer> consumers, CancellationToken cancellationToken) =>
        ConnectAsync(queue, _edge.SharedAddress(queue), concurrent, _edge.DeclareShared, consumers, new ReadinessProbe(_broker), own: null, cancellationToken);

    /// <summary>Connects a queue of this process's own, which vanishes with it.</summary>
    /// <param name="queue">Its name, from <see cref="Contracts.QueueNames"/>.</param>
    /// <param name="consumers">Take its messages; each works on several at once.</param>
    /// <param name="cancellationToken">Gives the wait for the broker up.</param>
    /// <exception cref="TimeoutException">The broker does not let it receive in time.</exception>
    public async Task<ConnectedEndpoint> ConnectOwnAsync(string queue, IReadOnlyList<IConsumer> consumers, CancellationToken cancellationToken)
    {
        var (own, address) = (_health.NewQueue(), _edge.OwnAddress(queue));
        var endpoint = await ConnectAsync(
            queue,
            address,
            ConcurrentMessages,
            endpoint => _edge.DeclareOwn(endpoint, queue),
            consumers,
            new RoundTripProbe(queue, _messages, own, _connection, _time),
            own,
            cancellationToken);
        _local.Add(queue, address, consumers);
        endpoint.Ending = () => _local.Remove(queue, address);
        return endpoint;
    }

    private async Task<ConnectedEndpoint> ConnectAsync(
        string queue,
        Uri address,
        int concurrent,
        Action<IReceiveEndpointConfigurator> declare,
        IReadOnlyList<IConsumer> consumers,
        IConsumerProbe probe,
        OwnQueue? own,
        CancellationToken cancellationToken)
    {
        var connected = new ConnectedEndpoint(queue, address, Connect, _edge.MayStall ? probe : null, own, _time, _log);
        try
        {
            await connected.ReadyAsync(cancellationToken);
            return connected;
        }
        catch
        {
            // One that connects later would take messages for nobody.
            await using (connected)
            {
                throw;
            }
        }

        HostReceiveEndpointHandle Connect() => _connector.ConnectReceiveEndpoint(queue, (_, endpoint) =>
        {
            // Commands are sent to a queue, never published: a publish would copy them to every bound queue.
            endpoint.ConfigureConsumeTopology = false;
            endpoint.PrefetchCount = concurrent;
            endpoint.ConcurrentMessageLimit = concurrent;
            declare(endpoint);

            // By its own type, which says what it consumes; as an IConsumer it consumes nothing.
            foreach (object consumer in consumers) endpoint.Instance(consumer);
            if (_edge.MayStall) probe.Attach(endpoint);
        });
    }
}
