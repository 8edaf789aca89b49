using MassTransit;
using SandQueue.Transport.Bodies;
using SandQueue.Transport.Brokers;

namespace SandQueue.Transport.Memory;

/// <summary>Messages stay inside the process: the embedded mode. Its queues need no options, and end with the process.</summary>
internal sealed class MemoryEdge : ITransportEdge
{
    public bool MayStall => false;

    public int? MaxMessageBytes => null;

    public void Use(IBusRegistrationConfigurator bus) => bus.UsingInMemory((_, memory) => memory.AddDeserializer(BinarySerializer.Instance));

    public void DeclareShared(IReceiveEndpointConfigurator endpoint)
    {
    }

    public void DeclareOwn(IReceiveEndpointConfigurator endpoint, string queue)
    {
    }

    public Uri SharedAddress(string queue) => new($"exchange:{queue}");

    public Uri OwnAddress(string queue) => new($"exchange:{queue}");

    public void RequireReceiver(SendContext context, Uri address)
    {
    }

    public Task ProbeAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task ProbePublishAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
