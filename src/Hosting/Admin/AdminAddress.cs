using System.Globalization;
using System.Net;
using SandQueue.Hosting.Startup;

namespace SandQueue.Hosting.Admin;

/// <summary>Reads the address that operators' programs ask: a whole address, or a port on loopback alone. Nobody needs a key there.</summary>
public static class AdminAddress
{
    /// <summary>Reads a setting, and looks whether its address is free.</summary>
    /// <param name="setting">What the setting is called.</param>
    /// <param name="address">Its value; empty where there is to be no such address.</param>
    /// <returns>Null where there is none.</returns>
    /// <exception cref="StartupException">It is no address, or cannot be bound.</exception>
    public static IPEndPoint? Read(string setting, string? address)
    {
        if (string.IsNullOrWhiteSpace(address)) return null;
        try
        {
            var endpoint = ushort.TryParse(address, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? new IPEndPoint(IPAddress.Loopback, port) : ListenAddress.Parse(address);
            ListenAddress.RequireFree(endpoint);
            return endpoint;
        }
        catch (StartupException exception)
        {
            throw new StartupException($"{setting}: {exception.Message.Replace(" with --listen", "", StringComparison.Ordinal)}");
        }
    }
}
