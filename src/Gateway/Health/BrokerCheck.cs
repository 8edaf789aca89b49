using Microsoft.Extensions.Diagnostics.HealthChecks;
using SandQueue.Transport.Brokers;

namespace SandQueue.Gateway.Health;

/// <summary>Whether the broker takes a connection of this gateway. Its address and credentials are never part of the answer.</summary>
internal sealed class BrokerCheck(BrokerProbe broker) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await broker.ConnectAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (BrokerRefusedException)
        {
            return HealthCheckResult.Unhealthy("the broker refuses this gateway's login; Farm:RabbitMq names user and virtual host");
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy("the broker cannot be reached");
        }
    }
}
