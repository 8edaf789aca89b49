using MassTransit;

namespace SandQueue.Transport.Health;

/// <summary>
/// Of a queue that others consume too: what is sent to it may come to them, so only the endpoint's own word tells, and where it
/// says that it is not ready, whether the broker can be used.
/// </summary>
internal sealed class ReadinessProbe(SharedBrokerProbe broker) : IConsumerProbe
{
    /// <summary>Of the endpoint connected last; those before it no longer count.</summary>
    private EndpointState _last = new();

    public void Attach(IReceiveEndpointConfigurator endpoint)
    {
        var state = new EndpointState();
        Volatile.Write(ref _last, state);
        endpoint.ConnectReceiveEndpointObserver(state);
    }

    public async Task<ProbeResult> ProbeAsync(CancellationToken cancellationToken)
    {
        var state = Volatile.Read(ref _last);
        if (state.IsReady) return ProbeResult.Received;
        try
        {
            await broker.TryAsync(cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Why it cannot be used is in the log: the endpoint tries as well.
            return ProbeResult.Unreachable;
        }

        return state.IsReady ? ProbeResult.Received : ProbeResult.Missed;
    }

    private sealed class EndpointState : IReceiveEndpointObserver
    {
        private volatile bool _ready;

        public bool IsReady => _ready;

        public Task Ready(ReceiveEndpointReady ready) => SetAsync(ready.IsStarted);

        public Task Stopping(ReceiveEndpointStopping stopping) => SetAsync(false);

        public Task Completed(ReceiveEndpointCompleted completed) => SetAsync(false);

        public Task Faulted(ReceiveEndpointFaulted faulted) => SetAsync(false);

        private Task SetAsync(bool ready)
        {
            _ready = ready;
            return Task.CompletedTask;
        }
    }
}
