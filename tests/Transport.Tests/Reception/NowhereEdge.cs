using MassTransit;

namespace SandQueue.Transport.Tests.Reception;

/// <summary>A transport whose broker cannot be reached.</summary>
internal sealed class NowhereEdge : ITransportEdge
{
    public bool MayLoseQueues => true;

    public void Use(IBusRegistrationConfigurator bus)
    {
    }

    public void DeclareShared(IReceiveEndpointConfigurator endpoint)
    {
    }

    public void DeclareOwn(IReceiveEndpointConfigurator endpoint)
    {
    }

    public Uri SharedAddress(string queue) => throw Away();

    public Uri OwnAddress(string queue) => throw Away();

    public void RequireReceiver(SendContext context)
    {
    }

    public Task ProbeAsync(CancellationToken cancellationToken) => Task.FromException(Away());

    private static IOException Away() => new("no route to host");
}
