using System.Net;

namespace SandQueue.Workers.Runtimes;

/// <summary>
/// HTTP clients that reach one environment server each, over kept-alive connections and without a timeout of their own. A server may be
/// hostile: no redirect is followed, nothing is unpacked, and of a head only so much is read.
/// </summary>
internal static class EnvironmentHttp
{
    /// <summary>Reaches the server on a Unix socket, and nothing that a link in its place points to.</summary>
    public static HttpClient OverSocket(string path) => Over(cancellationToken => DirectSocket.ConnectAsync(path, cancellationToken));

    /// <summary>Reaches the server by whatever makes a connection to it.</summary>
    public static HttpClient Over(Func<CancellationToken, ValueTask<Stream>> connect) =>
        Client(new Uri("http://environment"), (_, cancellationToken) => connect(cancellationToken));

    public static HttpClient OverTcp(string host, int port) => Client(new UriBuilder(Uri.UriSchemeHttp, host, port).Uri, connect: null);

    private static HttpClient Client(Uri address, Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>>? connect) =>
        new(new SocketsHttpHandler
        {
            ConnectCallback = connect,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            // Kilobytes, for the heads of interim answers (1xx) too.
            MaxResponseHeadersLength = 64,
            ActivityHeadersPropagator = null,
            // Of an answer that is not read to its end, so much and for so long; then its connection is closed.
            MaxResponseDrainSize = 64 * 1024,
            ResponseDrainTimeout = TimeSpan.FromSeconds(1),
        })
        {
            BaseAddress = address,
            Timeout = Timeout.InfiniteTimeSpan,
        };
}
