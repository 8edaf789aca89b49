namespace SandQueue.Transport.Brokers;

/// <summary>Tries once whether the transport's broker can be used.</summary>
public sealed class BrokerProbe
{
    private readonly ITransportEdge _edge;

    internal BrokerProbe(ITransportEdge edge) => _edge = edge;

    /// <exception cref="BrokerRefusedException">The broker is there, and refuses us.</exception>
    public Task ConnectAsync(CancellationToken cancellationToken) => _edge.ProbeAsync(cancellationToken);
}
