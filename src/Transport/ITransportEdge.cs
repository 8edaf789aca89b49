using MassTransit;

namespace SandQueue.Transport;

/// <summary>What differs between transports: how queues are declared, addressed and guarded. Everything else is shared.</summary>
internal interface ITransportEdge
{
    /// <summary>Whether a queue may stay away after its connection was lost, so that somebody has to look after it.</summary>
    bool MayLoseQueues { get; }

    /// <summary>Starts the bus on this transport.</summary>
    void Use(IBusRegistrationConfigurator bus);

    /// <summary>Declares a queue that several processes compete for.</summary>
    void DeclareShared(IReceiveEndpointConfigurator endpoint);

    /// <summary>Declares a queue of one process's own, which vanishes with it.</summary>
    void DeclareOwn(IReceiveEndpointConfigurator endpoint);

    /// <summary>Where a message for a shared queue goes.</summary>
    Uri SharedAddress(string queue);

    /// <summary>Where a message for a process's own queue goes.</summary>
    Uri OwnAddress(string queue);

    /// <summary>Prepares a message to a process's own queue: if that is gone, the sender must learn it at once.</summary>
    void RequireReceiver(SendContext context);

    /// <summary>Tries once whether the broker can be used.</summary>
    Task ProbeAsync(CancellationToken cancellationToken);
}
