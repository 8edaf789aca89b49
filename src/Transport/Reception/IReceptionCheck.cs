using MassTransit;

namespace SandQueue.Transport.Reception;

/// <summary>Finds out whether messages still come through one queue. The library that connects it may be what is stuck, so it is believed as little as can be.</summary>
internal interface IReceptionCheck
{
    /// <summary>Prepares an endpoint of the queue, each time one is connected.</summary>
    void Attach(IReceiveEndpointConfigurator endpoint);

    /// <returns>Whether they do; null while the broker is away, and nobody can tell.</returns>
    Task<bool?> ReceivesAsync(CancellationToken cancellationToken);
}
