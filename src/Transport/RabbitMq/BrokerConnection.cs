using System.Security.Authentication;
using MassTransit;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using SandQueue.Transport.Brokers;

namespace SandQueue.Transport.RabbitMq;

/// <summary>How a broker is reached: its address, who we are there, and whom we trust.</summary>
/// <param name="address"><c>amqp://</c>, or <c>amqps://</c> for TLS.</param>
/// <param name="otherNodes">The other nodes of a cluster, each <c>host:port</c>.</param>
/// <param name="certificate">Decides about a broker behind TLS.</param>
internal sealed class BrokerConnection(Uri address, IReadOnlyList<string> otherNodes, BrokerCertificate certificate)
{
    private const string Tls = "amqps";

    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(5);

    /// <summary>A node that is away must not use up the time in which another would answer.</summary>
    private static readonly TimeSpan NodeLimit = TimeSpan.FromSeconds(1.5);

    private readonly Uri _broker = address.Port > 0 ? address : new UriBuilder(address) { Port = address.Scheme == Tls ? 5671 : 5672 }.Uri;

    /// <summary>Sets up the connection of the bus.</summary>
    public void Configure(IRabbitMqBusFactoryConfigurator rabbit)
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
                    ssl.CertificateValidationCallback = certificate.IsTrusted;
                });
            }

            if (otherNodes.Count > 0)
            {
                host.UseCluster(cluster =>
                {
                    foreach (var node in Nodes()) cluster.Node(node);
                });
            }

            host.Username(user);
            host.Password(password);
            host.Heartbeat(TimeSpan.FromSeconds(10));
            host.RequestedConnectionTimeout(TimeSpan.FromSeconds(10));
            host.ContinuationTimeout(TimeSpan.FromSeconds(10));
        });
    }

    /// <summary>Opens a connection beside that of the bus.</summary>
    /// <exception cref="BrokerRefusedException">The broker is there, and refuses us.</exception>
    public async Task<IConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var factory = new ConnectionFactory { Uri = _broker, RequestedConnectionTimeout = otherNodes.Count > 0 ? NodeLimit : ConnectLimit, AutomaticRecoveryEnabled = false };
        factory.Ssl.CertificateValidationCallback = certificate.IsTrusted;
        try
        {
            return await factory.CreateConnectionAsync([.. Nodes().Select(node => Endpoint(factory, node))], cancellationToken);
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

    /// <summary>All nodes.</summary>
    private IEnumerable<string> Nodes() => [_broker.Authority, .. otherNodes];

    private AmqpTcpEndpoint Endpoint(ConnectionFactory factory, string node)
    {
        var place = new Uri($"amqp://{node}");
        var tls = new SslOption(place.Host, enabled: factory.Ssl.Enabled) { CertificateValidationCallback = certificate.IsTrusted, Version = factory.Ssl.Version };
        return new AmqpTcpEndpoint(place.Host, place.Port, tls);
    }

    /// <summary>Whether it was TLS that failed: <see cref="AuthenticationException"/> is .NET's name for that.</summary>
    private static bool IsUntrusted(Exception? failure) => failure is AuthenticationException || (failure is not null && IsUntrusted(failure.InnerException));

    private (string User, string Password) Credentials()
    {
        var parts = _broker.UserInfo.Split(':', 2);
        return parts is [{ Length: > 0 } user, var password] ? (Uri.UnescapeDataString(user), Uri.UnescapeDataString(password)) : ("guest", "guest");
    }
}
