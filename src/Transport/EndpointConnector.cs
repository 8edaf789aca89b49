using MassTransit;

namespace SandQueue.Transport;

/// <summary>
/// Connects a part to its queues once it knows them: a worker when its environments have started, a sender when it
/// has a name.
/// </summary>
public sealed class EndpointConnector(IReceiveEndpointConnector connector)
{
    /// <summary>How many messages one endpoint works on at once; a message is an envelope, and waits for nothing long.</summary>
    private const int ConcurrentMessages = 64;

    /// <summary>Connects to a queue that several processes compete for.</summary>
    /// <param name="queue">Its name, from <see cref="Contracts.QueueNames"/>.</param>
    /// <param name="concurrent">Messages this process takes at once.</param>
    /// <param name="consumers">Configures the consumers.</param>
    public Task<HostReceiveEndpointHandle> ConnectSharedAsync(
        string queue, int concurrent, Action<IRegistrationContext, IReceiveEndpointConfigurator> consumers) =>
        ConnectAsync(queue, concurrent, consumers);

    /// <summary>Connects a queue of this process's own, which vanishes with it.</summary>
    /// <param name="queue">Its name, from <see cref="Contracts.QueueNames"/>.</param>
    /// <param name="consumers">Configures the consumers.</param>
    public Task<HostReceiveEndpointHandle> ConnectOwnAsync(
        string queue, Action<IRegistrationContext, IReceiveEndpointConfigurator> consumers) =>
        ConnectAsync(queue, ConcurrentMessages, consumers);

    private async Task<HostReceiveEndpointHandle> ConnectAsync(
        string queue, int concurrent, Action<IRegistrationContext, IReceiveEndpointConfigurator> consumers)
    {
        var handle = connector.ConnectReceiveEndpoint(queue, (context, endpoint) =>
        {
            // Messages have types without a topic: they are sent to a queue, never published.
            endpoint.ConfigureConsumeTopology = false;
            endpoint.PrefetchCount = concurrent;
            endpoint.ConcurrentMessageLimit = concurrent;
            consumers(context, endpoint);
        });
        await handle.Ready.WaitAsync(Deadlines.Connect);
        return handle;
    }
}
