using System.Net.Sockets;

namespace SandQueue.Workers.Runtimes;

/// <summary>HTTP clients that reach one environment server each, over kept-alive connections and without a timeout of their own.</summary>
internal static class EnvironmentHttp
{
    public static HttpClient OverSocket(string path) => Client(
        new Uri("http://environment"),
        async (_, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        });

    public static HttpClient OverTcp(string host, int port) => Client(new UriBuilder(Uri.UriSchemeHttp, host, port).Uri, connect: null);

    private static HttpClient Client(Uri address, Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>>? connect) =>
        new(new SocketsHttpHandler
        {
            ConnectCallback = connect,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
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
