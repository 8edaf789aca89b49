using SandQueue.Rollouts.Settings;

namespace SandQueue.Rollouts.Endpoints;

/// <summary>
/// The connections to endpoints of models, shared by all rollouts of the process. No proxy is asked, no redirect followed and no cookie kept: each would lead
/// elsewhere than to the address that was checked.
/// </summary>
public sealed class EndpointHttp : IDisposable
{
    /// <summary>So that a name which means another address is looked up again.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    /// <param name="addresses">Which may be called.</param>
    /// <param name="options">How long a connection may take to be made.</param>
    public EndpointHttp(EndpointAddresses addresses, EndpointOptions options)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        ArgumentNullException.ThrowIfNull(options);
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = options.ConnectTimeout,
            PooledConnectionLifetime = ConnectionLifetime,
            ActivityHeadersPropagator = null,
            ConnectCallback = async (context, cancellationToken) => await addresses.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellationToken),
        };
        Client = new HttpClient(handler, disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
    }

    internal HttpClient Client { get; }

    /// <inheritdoc/>
    public void Dispose() => Client.Dispose();
}
