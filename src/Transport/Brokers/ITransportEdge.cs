using MassTransit;

namespace SandQueue.Transport.Brokers;

/// <summary>What differs between transports: how queues are declared, addressed and guarded. Everything else is shared.</summary>
internal interface ITransportEdge
{
    /// <summary>Whether a consumer may stall after its connection was lost, so that it has to be probed.</summary>
    bool MayStall { get; }

    /// <summary>The largest message in bytes that the transport takes; null where it has no limit.</summary>
    int? MaxMessageBytes { get; }

    /// <summary>Starts the bus on this transport.</summary>
    void Use(IBusRegistrationConfigurator bus);

    /// <summary>Declares a queue that several processes compete for.</summary>
    void DeclareShared(IReceiveEndpointConfigurator endpoint);

    /// <summary>Declares a queue of one process's own, which vanishes with it.</summary>
    void DeclareOwn(IReceiveEndpointConfigurator endpoint, string queue);

    /// <summary>Where a message for a shared queue goes.</summary>
    Uri SharedAddress(string queue);

    /// <summary>
    /// Where a message for a process's own queue goes. As a reply address it travels with the messages whose answers go there. Two of
    /// them may differ in the fragment only, which <see cref="Uri"/>'s equality ignores: compare their text.
    /// </summary>
    Uri OwnAddress(string queue);

    /// <summary>Addresses a message to a process's own queue: if that is gone, the sender must learn it at once.</summary>
    /// <param name="context">The message.</param>
    /// <param name="address">From <see cref="OwnAddress"/>, of this process or of another.</param>
    void RequireReceiver(SendContext context, Uri address);

    /// <summary>Connects once.</summary>
    /// <exception cref="BrokerRefusedException">The broker is there, and refuses us.</exception>
    Task ProbeAsync(CancellationToken cancellationToken);

    /// <summary>Connects once, and publishes: a broker that is short of memory accepts connections and no messages.</summary>
    Task ProbePublishAsync(CancellationToken cancellationToken);
}
