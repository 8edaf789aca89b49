using MassTransit;
using SandQueue.Transport.Brokers;

namespace SandQueue.Transport.Tests.Health;

/// <summary>A transport whose broker cannot be reached: not even its name is found.</summary>
internal sealed class UnreachableEdge : ITransportEdge
{
    public bool MayStall => true;

    public int? MaxMessageBytes => null;

    public void Use(IBusRegistrationConfigurator bus)
    {
    }

    public void DeclareShared(IReceiveEndpointConfigurator endpoint)
    {
    }

    public void DeclareOwn(IReceiveEndpointConfigurator endpoint, string queue)
    {
    }

    public Uri SharedAddress(string queue) => new($"exchange:{queue}");

    public Uri OwnAddress(string queue) => new($"exchange:{queue}");

    public void RequireReceiver(SendContext context, Uri address) => throw Unreachable();

    public Task ProbeAsync(CancellationToken cancellationToken) => Task.FromException(Unreachable());

    public Task ProbePublishAsync(CancellationToken cancellationToken) => Task.FromException(Unreachable());

    private static System.Net.Sockets.SocketException Unreachable() => new((int)System.Net.Sockets.SocketError.HostNotFound);
}
