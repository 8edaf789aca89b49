using Microsoft.Extensions.Hosting;
using SandQueue.Telemetry.Measures;

namespace SandQueue.Routing.Observation;

/// <summary>Shows to whoever measures what waits in this process.</summary>
internal sealed class RoutingGauges(WaitingCreates creates) : IHostedService, IDisposable
{
    private readonly Gauges _gauges = new();

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _gauges.WaitingCreates(() => creates.Count().Select(environment => (environment.Key, (long)environment.Value)));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _gauges.Dispose();
}
