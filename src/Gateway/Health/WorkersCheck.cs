using Microsoft.Extensions.Diagnostics.HealthChecks;
using SandQueue.Routing.Fleet;
using SandQueue.Storage.Connections;

namespace SandQueue.Gateway.Health;

/// <summary>Whether at least one living worker serves an environment to this gateway.</summary>
internal sealed class WorkersCheck(FleetView fleet) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            return (await fleet.EnvironmentsAsync(cancellationToken)).Count > 0
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy("no living worker serves an environment; start one");
        }
        catch (Exception exception) when (DatabaseFailure.Is(exception))
        {
            return HealthCheckResult.Unhealthy("unknown: the database, which lists the workers, does not answer");
        }
    }
}
