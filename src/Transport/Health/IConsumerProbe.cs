using MassTransit;

namespace SandQueue.Transport.Health;

/// <summary>Finds out whether messages still come through one queue. The library that connects it may be what hangs, so its word counts as little as can be.</summary>
internal interface IConsumerProbe
{
    /// <summary>Prepares an endpoint of the queue, each time one is connected.</summary>
    void Attach(IReceiveEndpointConfigurator endpoint);

    Task<ProbeResult> ProbeAsync(CancellationToken cancellationToken);
}
