using System.Net;
using System.Net.Sockets;
using SandQueue.Hosting.Startup;
using SandQueue.Rollouts.Settings;

namespace SandQueue.Rollouts.Endpoints;

/// <summary>
/// Decides which addresses may be called. Callers name the endpoint, and this process may reach what they may not: so public addresses alone are called, and
/// others where the settings allow them. It decides by the address that is connected to, not by a name that may mean another a moment later.
/// </summary>
public sealed class EndpointAddresses
{
    private readonly IReadOnlyList<Allowance> _allowed;
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve;

    /// <param name="options">What is allowed beside public addresses.</param>
    /// <exception cref="StartupException">The settings name no network.</exception>
    public EndpointAddresses(EndpointOptions options)
        : this(options, Dns.GetHostAddressesAsync)
    {
    }

    internal EndpointAddresses(EndpointOptions options, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_allowed, _resolve) = ([.. options.Allow.Select(Read)], resolve);
    }

    /// <summary>Whether an address may be called.</summary>
    public bool Allows(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var meant = PublicAddresses.Meant(address);
        return PublicAddresses.Has(meant) || _allowed.Any(allowance => allowance.Has(meant));
    }

    /// <summary>Connects to a host: it is looked up once, and what was checked is what is connected to.</summary>
    /// <param name="host">A name or an address.</param>
    /// <param name="port">The port.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="AddressRefusedException">None of its addresses may be called.</exception>
    /// <exception cref="SocketException">It cannot be reached.</exception>
    internal async Task<Stream> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await _resolve(host, cancellationToken);
        var allowed = Array.FindAll(addresses, Allows);
        if (allowed.Length == 0)
        {
            if (addresses.Length == 0) throw new SocketException((int)SocketError.HostNotFound);
            throw new AddressRefusedException($"the address of '{host}' is none that may be called; who runs this server allows it by the setting Rollouts:Endpoints:Allow (a network, loopback, private or metadata)");
        }

        SocketException? last = null;
        foreach (var address in allowed)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, port), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException exception)
            {
                socket.Dispose();
                last = exception;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw last!;
    }

    private static Allowance Read(string allowed) => allowed.Trim() switch
    {
        "loopback" => new Allowance(PublicAddresses.Loopback),
        "private" => new Allowance(PublicAddresses.Private) { HasMetadata = false },
        "metadata" => new Allowance(PublicAddresses.Metadata),
        var text when IPNetwork.TryParse(text, out var network) => new Allowance([network]),
        var text when IPAddress.TryParse(text, out var address) => new Allowance([new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128)]),
        var text => throw new StartupException($"Rollouts:Endpoints:Allow has '{text}'; write a network like 10.1.0.0/16, an address, loopback, private or metadata"),
    };

    /// <summary>One entry of the setting.</summary>
    private sealed record Allowance(IReadOnlyList<IPNetwork> Networks)
    {
        /// <summary>A network that is named is meant as a whole; of a word nobody expects that it gives a cloud's secrets away.</summary>
        public bool HasMetadata { get; init; } = true;

        public bool Has(IPAddress address) => Networks.Any(network => network.Contains(address)) && (HasMetadata || !PublicAddresses.IsMetadata(address));
    }
}
