using MassTransit;
using RabbitMQ.Client;
using SandQueue.Contracts;
using SandQueue.Transport.Bodies;
using SandQueue.Transport.Brokers;

namespace SandQueue.Transport.RabbitMq;

/// <summary>Messages travel over RabbitMQ: the farm. Every limit of a queue is set here, none is left to the broker.</summary>
/// <param name="broker">How the broker is reached.</param>
/// <param name="maxMessageBytes">The largest message that is sent to the broker, which must accept it.</param>
internal sealed class RabbitMqEdge(BrokerConnection broker, int maxMessageBytes) : ITransportEdge
{
    /// <summary>
    /// Every own queue is bound to this one exchange by its name, and senders publish here alone: a queue that is gone is a
    /// returned message. An exchange of the queue's own would go with it, and a publish to an exchange that is not there makes
    /// the broker close the channel, which MassTransit shares for all sends of a process.
    /// </summary>
    private static readonly string OwnQueues = $"sandqueue.{QueueNames.ContractVersion}.own";

    /// <summary>A message that was delivered so often without an end is dropped: its sender's deadline is long over.</summary>
    private const int DeliveryLimit = 5;

    /// <summary>Commands that wait in one shared queue; a sender is refused above it rather than kept waiting.</summary>
    private const int LongestQueue = 100_000;

    /// <summary>The broker closes the channel of a consumer that holds a message for longer.</summary>
    private static readonly TimeSpan LongestDelivery = TimeSpan.FromMinutes(10);

    /// <summary>No command waits longer than this in a queue; each brings a shorter limit of its own.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    public bool MayStall => true;

    public int? MaxMessageBytes => maxMessageBytes;

    public void Use(IBusRegistrationConfigurator bus) => bus.UsingRabbitMq((_, rabbit) =>
    {
        rabbit.AddDeserializer(BinarySerializer.Instance);
        broker.Configure(rabbit);
    });

    public void DeclareShared(IReceiveEndpointConfigurator endpoint)
    {
        var queue = (IRabbitMqReceiveEndpointConfigurator)endpoint;
        queue.SetQuorumQueue();
        queue.SetQueueArgument("x-delivery-limit", DeliveryLimit);
        queue.SetQueueArgument("x-max-length", LongestQueue);
        queue.SetQueueArgument("x-overflow", "reject-publish");
        queue.SetQueueArgument("x-message-ttl", (int)LongestWait.TotalMilliseconds);
        queue.SetDeliveryAcknowledgementTimeout(LongestDelivery);
    }

    public void DeclareOwn(IReceiveEndpointConfigurator endpoint, string queue)
    {
        // MassTransit gives every queue an exchange of its name, which takes over the queue's options and vanishes with it.
        // Nobody publishes to that one.
        var own = (IRabbitMqReceiveEndpointConfigurator)endpoint;
        own.Durable = false;
        own.AutoDelete = true;
        own.Exclusive = true;
        own.Bind(OwnQueues, binding =>
        {
            binding.ExchangeType = ExchangeType.Direct;
            binding.Durable = true;
            binding.AutoDelete = false;
            binding.RoutingKey = queue;
        });
    }

    public Uri SharedAddress(string queue) => new($"exchange:{queue}");

    /// <summary>The exchange with the options it is declared with, and the routing key as the fragment, which MassTransit ignores.</summary>
    public Uri OwnAddress(string queue) => new($"exchange:{OwnQueues}?type={ExchangeType.Direct}#{Uri.EscapeDataString(queue)}");

    public void RequireReceiver(SendContext context, Uri address)
    {
        if (!context.TryGetPayload<RabbitMqSendContext>(out var rabbit)) return;
        rabbit.Mandatory = true;
        rabbit.RoutingKey = Uri.UnescapeDataString(address.Fragment.TrimStart('#'));
    }

    public async Task ProbeAsync(CancellationToken cancellationToken)
    {
        await using var connection = await broker.OpenAsync(cancellationToken);
        await connection.CloseAsync(cancellationToken);
    }

    public async Task ProbePublishAsync(CancellationToken cancellationToken)
    {
        await using var connection = await broker.OpenAsync(cancellationToken);
        var confirmed = new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);
        await using var channel = await connection.CreateChannelAsync(confirmed, cancellationToken);
        try
        {
            await channel.BasicPublishAsync(OwnQueues, $"probe.{Guid.NewGuid():n}", mandatory: true, ReadOnlyMemory<byte>.Empty, cancellationToken);
        }
        catch (RabbitMQ.Client.Exceptions.PublishException exception) when (exception.IsReturn)
        {
            // No queue has that name, so that the message comes back: the broker takes messages.
        }

        await connection.CloseAsync(cancellationToken);
    }
}
