using Microsoft.Extensions.Diagnostics.HealthChecks;
using SandQueue.Storage.Connections;

namespace SandQueue.Gateway.Health;

/// <summary>Whether the journal can be written: without it no command has an end.</summary>
internal sealed class DatabaseCheck(JournalProbe journal) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        await journal.WhyNotWritableAsync(cancellationToken) is { } reason ? HealthCheckResult.Unhealthy(reason) : HealthCheckResult.Healthy();
}
