using System.Globalization;
using System.Net;
using SandQueue.Workers.Hosting;

namespace SandQueue.Gateway.Hosting;

/// <summary>Reads the address to listen on: <c>127.0.0.1:8080</c>, <c>localhost:8080</c>, <c>[::1]:8080</c>, <c>0.0.0.0:8080</c>.</summary>
internal static class ListenAddress
{
    /// <exception cref="StartupException">It is no address with a port.</exception>
    public static IPEndPoint Parse(string address)
    {
        var numeric = address.StartsWith("localhost:", StringComparison.OrdinalIgnoreCase) ? $"127.0.0.1{address["localhost".Length..]}" : address;
        var hasPort = ushort.TryParse(numeric.AsSpan(numeric.LastIndexOf(':') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port);

        // Without brackets the last group of an IPv6 address would pass for the port.
        return hasPort && IPEndPoint.TryParse(numeric, out var endpoint) && endpoint.Port == port
            ? endpoint
            : throw new StartupException($"'{address}' is no address to listen on; write it like 127.0.0.1:8080 or [::1]:8080");
    }
}
