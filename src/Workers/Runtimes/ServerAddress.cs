using System.Net;
using System.Net.Sockets;

namespace SandQueue.Workers.Runtimes;

/// <summary>Where an environment server listens: over HTTP, and by a connection for what is no HTTP.</summary>
/// <param name="Http">Reaches it over kept-alive connections.</param>
/// <param name="Connect">Makes a connection.</param>
internal sealed record ServerAddress(HttpClient Http, Func<CancellationToken, ValueTask<Stream>> Connect)
{
    private const int KeepAliveSeconds = 15;

    public static ServerAddress OverSocket(string path) => new(EnvironmentHttp.OverSocket(path), cancellationToken => DirectSocket.ConnectAsync(path, cancellationToken));

    public static ServerAddress OverTcp(string host, int port) =>
        new(EnvironmentHttp.OverTcp(host, port), cancellationToken => ConnectAsync(new DnsEndPoint(host, port), cancellationToken));

    /// <exception cref="SocketException">Nobody listens.</exception>
    public static async ValueTask<Stream> ConnectAsync(EndPoint address, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // It is kept for long, and what lies between may forget a connection on which nothing is said.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveSeconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, KeepAliveSeconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
            await socket.ConnectAsync(address, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
