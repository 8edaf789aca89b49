using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using MassTransit;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using SandQueue.Contracts;
using SandQueue.Transport.Brokers;

namespace SandQueue.Transport.RabbitMq;

/// <summary>Messages travel over RabbitMQ: the farm. Every limit of a queue is set here, none is left to the broker.</summary>
/// <param name="address"><c>amqp://</c>, or <c>amqps://</c> for TLS.</param>
/// <param name="authorities">Who may vouch for a broker behind TLS; null is whom the machine trusts.</param>
/// <param name="maxMessageBytes">The largest message that is sent to the broker, which must accept it.</param>
internal sealed class RabbitMqEdge(Uri address, X509Certificate2Collection? authorities, int maxMessageBytes) : ITransportEdge
{
    /// <summary>
    /// Every own queue is bound to this one exchange by its name, and senders publish here alone: a queue that is gone is a
    /// returned message. An exchange of the queue's own would go with it, and a publish to an exchange that is not there makes
    /// the broker close the channel, which MassTransit shares for all sends of a process.
    /// </summary>
    private static readonly string OwnQueues = $"sandqueue.{QueueNames.ContractVersion}.own";

    private const string Tls = "amqps";

    /// <summary>A message that was delivered so often without an end is dropped: its sender's deadline is long over.</summary>
    private const int DeliveryLimit = 5;

    /// <summary>Commands that wait in one shared queue; a sender is refused above it rather than kept waiting.</summary>
    private const int LongestQueue = 100_000;

    /// <summary>The broker closes the channel of a consumer that holds a message for longer.</summary>
    private static readonly TimeSpan LongestDelivery = TimeSpan.FromMinutes(10);

    /// <summary>No command waits longer than this in a queue; each brings a shorter limit of its own.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    private readonly Uri _broker = address.Port > 0 ? address : new UriBuilder(address) { Port = address.Scheme == Tls ? 5671 : 5672 }.Uri;
    private readonly BrokerCertificate _certificate = new(authorities);

    public bool MayStall => true;

    public int? MaxMessageBytes => maxMessageBytes;

    public void Use(IBusRegistrationConfigurator bus) => bus.UsingRabbitMq((_, rabbit) =>
    {
        var (user, password) = Credentials();
        rabbit.Host(new UriBuilder(_broker) { Scheme = "rabbitmq", UserName = "", Password = "" }.Uri, host =>
        {
            if (_broker.Scheme == Tls)
            {
                host.UseSsl(ssl =>
                {
                    ssl.ServerName = _broker.Host;
                    ssl.Protocol = SslProtocols.None;
                    ssl.CertificateValidationCallback = _certificate.IsTrusted;
                });
            }

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
        await using var connection = await ConnectAsync(cancellationToken);
        await connection.CloseAsync(cancellationToken);
    }

    public async Task ProbePublishAsync(CancellationToken cancellationToken)
    {
        await using var connection = await ConnectAsync(cancellationToken);
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

    private async Task<IConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        var factory = new ConnectionFactory { Uri = _broker, RequestedConnectionTimeout = TimeSpan.FromSeconds(5), AutomaticRecoveryEnabled = false };
        factory.Ssl.CertificateValidationCallback = _certificate.IsTrusted;
        try
        {
            return await factory.CreateConnectionAsync(cancellationToken);
        }
        catch (BrokerUnreachableException exception) when (exception.InnerException is AuthenticationFailureException or PossibleAuthenticationFailureException)
        {
            throw new BrokerRefusedException($"user '{Credentials().User}' was not authenticated at {_broker.Host}:{_broker.Port}; check name and password in Farm:RabbitMq", exception);
        }
        catch (BrokerUnreachableException exception) when (IsUntrusted(exception))
        {
            throw new BrokerRefusedException(
                $"the certificate of {_broker.Host}:{_broker.Port} is not for that name, or nobody we trust vouches for it; set Farm:RabbitMqAuthorities to a PEM file of who does", exception);
        }
    }

    /// <summary>Whether it was TLS that failed: <see cref="AuthenticationException"/> is .NET's name for that.</summary>
    private static bool IsUntrusted(Exception? failure) => failure is AuthenticationException || (failure is not null && IsUntrusted(failure.InnerException));

    private (string User, string Password) Credentials()
    {
        var parts = _broker.UserInfo.Split(':', 2);
        return parts is [{ Length: > 0 } user, var password] ? (Uri.UnescapeDataString(user), Uri.UnescapeDataString(password)) : ("guest", "guest");
    }
}
