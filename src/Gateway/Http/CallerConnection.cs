using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;

namespace SandQueue.Gateway.Http;

/// <summary>Whether a caller still waits for its answer.</summary>
internal static class CallerConnection
{
    /// <summary>
    /// Asks the socket itself as well: on a busy machine the web server notices some ten milliseconds late that a caller has closed its
    /// connection, and an answer that is written meanwhile reaches nobody.
    /// </summary>
    public static bool IsCallerGone(this HttpContext context)
    {
        if (context.RequestAborted.IsCancellationRequested) return true;
        if (context.Features.Get<IConnectionSocketFeature>()?.Socket is not { } socket) return false;
        try
        {
            // What can be read, and has nothing to read, is closed at the other end.
            return socket.Poll(0, SelectMode.SelectRead) && socket.Available == 0;
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            return true;
        }
    }
}
