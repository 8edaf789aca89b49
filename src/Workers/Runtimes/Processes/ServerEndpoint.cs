using System.Net;
using System.Net.Sockets;

namespace SandQueue.Workers.Runtimes.Processes;

/// <summary>Where a child may listen: on a Unix socket, or on a port of the loopback that was free when it started.</summary>
/// <param name="Socket">The socket's path.</param>
/// <param name="Port">The port; 0 for a server that only knows the socket.</param>
internal sealed record ServerEndpoint(string Socket, int Port)
{
    /// <summary>Takes a port that is free now. Who else takes it before the child does makes the child's start fail, and another is tried.</summary>
    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    /// <summary>Reaches the server over whichever of the two it listens on.</summary>
    public ServerAddress Address => new(EnvironmentHttp.Over(ConnectAsync), ConnectAsync);

    private ValueTask<Stream> ConnectAsync(CancellationToken cancellationToken) => Port == 0 || File.Exists(Socket)
        ? DirectSocket.ConnectAsync(Socket, cancellationToken)
        : ServerAddress.ConnectAsync(new IPEndPoint(IPAddress.Loopback, Port), cancellationToken);
}
