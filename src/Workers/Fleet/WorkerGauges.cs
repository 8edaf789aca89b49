using Microsoft.Extensions.Hosting;
using SandQueue.Telemetry.Measures;
using SandQueue.Workers.Instances;
using SandQueue.Workers.Pools;

namespace SandQueue.Workers.Fleet;

/// <summary>Shows to whoever measures what this worker has.</summary>
internal sealed class WorkerGauges(EnvironmentPools pools, OwnedInstances owned) : IHostedService, IDisposable
{
    private readonly Gauges _gauges = new();

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _gauges.Instances(() => owned.All
            .CountBy(owner => (owner.Pool.Environment, State: owner.Connection.IsOpen ? "live" : "waiting"))
            .Select(count => (count.Key.Environment, count.Key.State, (long)count.Value)));
        _gauges.InstanceLimits(() => pools.All.Select(pool => (pool.Environment, pool.MostInstances)));
        _gauges.Containers(() => pools.All
            .SelectMany(pool => pool.Describe())
            .CountBy(container => (container.Environment, container.State))
            .Select(count => (count.Key.Environment, count.Key.State.ToString().ToLowerInvariant(), (long)count.Value)));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _gauges.Dispose();
}
