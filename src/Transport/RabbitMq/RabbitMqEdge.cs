using MassTransit;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace SandQueue.Transport.RabbitMq;

/// <summary>Messages travel over RabbitMQ: the farm. Every limit of a queue is set here, none is left to the broker.</summary>
internal sealed class RabbitMqEdge(Uri broker) : ITransportEdge
{
    /// <summary>A message that was delivered so often without an end is dropped: its sender's deadline is long over.</summary>
    private const int DeliveryLimit = 5;

    /// <summary>Commands that wait in one shared queue; a sender is refused above it rather than kept waiting.</summary>
    private const int LongestQueue = 100_000;

    /// <summary>The broker closes the channel of a consumer that holds a message for longer.</summary>
    private static readonly TimeSpan LongestDelivery = TimeSpan.FromMinutes(10);

    /// <summary>No command waits longer than this in a queue; each brings a shorter limit of its own.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    public void Use(IBusRegistrationConfigurator bus) => bus.UsingRabbitMq((_, rabbit) =>
    {
        var (user, password) = Credentials();
        rabbit.Host(new UriBuilder(broker) { Scheme = "rabbitmq", UserName = "", Password = "" }.Uri, host =>
        {
            host.Username(user);
            host.Password(password);
            host.Heartbeat(TimeSpan.FromSeconds(10));
            host.RequestedConnectionTimeout(TimeSpan.FromSeconds(10));
            host.ContinuationTimeout(TimeSpan.FromSeconds(10));
        });
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

    public void DeclareOwn(IReceiveEndpointConfigurator endpoint)
    {
        var queue = (IRabbitMqReceiveEndpointConfigurator)endpoint;
        queue.Durable = false;
        queue.AutoDelete = true;
        queue.Exclusive = true;
    }

    public Uri SharedAddress(string queue) => new($"exchange:{queue}");

    /// <summary>The options must be those the owner declared; an exchange is declared by its senders too.</summary>
    public Uri OwnAddress(string queue) => new($"exchange:{queue}?durable=false&autodelete=true");

    public void RequireReceiver(SendContext context)
    {
        if (context.TryGetPayload<RabbitMqSendContext>(out var rabbit)) rabbit.Mandatory = true;
    }

    public async Task ProbeAsync(CancellationToken cancel)
    {
        var factory = new ConnectionFactory { Uri = broker, RequestedConnectionTimeout = TimeSpan.FromSeconds(5), AutomaticRecoveryEnabled = false };
        try
        {
            await using var connection = await factory.CreateConnectionAsync(cancel);
            await connection.CloseAsync(cancel);
        }
        catch (BrokerUnreachableException unreachable) when (unreachable.InnerException is AuthenticationFailureException or PossibleAuthenticationFailureException)
        {
            throw new BrokerRefusedException($"user '{Credentials().User}' is not let in at {broker.Host}:{broker.Port}; check name and password in Farm:RabbitMq", unreachable);
        }
    }

    private (string User, string Password) Credentials()
    {
        var parts = broker.UserInfo.Split(':', 2);
        return parts is [{ Length: > 0 } user, var password] ? (Uri.UnescapeDataString(user), Uri.UnescapeDataString(password)) : ("guest", "guest");
    }
}
