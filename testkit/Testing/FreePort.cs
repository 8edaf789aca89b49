using System.Net;
using System.Net.Sockets;

namespace SandQueue.Testing;

/// <summary>
/// Ports of this machine that nobody listens on. They lie below those that the system gives to who asks for any: between the moment at which one is found and that at
/// which a program listens there, it is given to nobody else.
/// </summary>
public static class FreePort
{
    private const int First = 10_000;
    private const int Count = 20_000;

    /// <summary>Where the search begins: not where other test programs of this machine have begun.</summary>
    private static int _next = Environment.ProcessId * 97 % Count;

    public static int[] Take(int count) => [.. Enumerable.Range(0, count).Select(_ => Take())];

    /// <exception cref="InvalidOperationException">Somebody listens on all of them.</exception>
    public static int Take()
    {
        for (var tried = 0; tried < Count; tried++)
        {
            var port = First + ((Interlocked.Increment(ref _next) & int.MaxValue) % Count);
            if (IsFree(port)) return port;
        }

        throw new InvalidOperationException($"all ports from {First} to {First + Count - 1} are taken");
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
