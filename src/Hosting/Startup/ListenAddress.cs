using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace SandQueue.Hosting.Startup;

/// <summary>Reads the address to listen on: <c>127.0.0.1:8080</c>, <c>localhost:8080</c>, <c>[::1]:8080</c>, <c>0.0.0.0:8080</c>.</summary>
public static class ListenAddress
{
    /// <summary>Reads an address.</summary>
    /// <exception cref="StartupException">It is no address with a port.</exception>
    public static IPEndPoint Parse(string address)
    {
        var numeric = address.StartsWith("localhost:", StringComparison.OrdinalIgnoreCase) ? $"127.0.0.1{address["localhost".Length..]}" : address;
        // Of an IPv6 address without brackets the last group would be taken for a port.
        var hasPort = numeric.LastIndexOf(':') is var colon and > 0
            && (numeric.StartsWith('[') || numeric.IndexOf(':', StringComparison.Ordinal) == colon)
            && ushort.TryParse(numeric.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _);
        return hasPort && IPEndPoint.TryParse(numeric, out var endpoint)
            ? endpoint
            : throw new StartupException($"'{address}' is no address to listen on; write it like 127.0.0.1:8080");
    }

    /// <summary>The address is bound last; looking first saves a start that would be undone again.</summary>
    /// <exception cref="StartupException">It cannot be bound.</exception>
    public static void RequireFree(IPEndPoint address)
    {
        try
        {
            using var probe = new TcpListener(address);
            probe.Start();
        }
        catch (SocketException exception)
        {
            throw new StartupException($"cannot listen on {address}: {exception.Message}. Choose another address with --listen, or stop what listens there");
        }
    }
}
