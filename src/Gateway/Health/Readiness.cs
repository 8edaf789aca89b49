using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SandQueue.Gateway.Health;

/// <summary>
/// Runs the checks once for all who ask at about the same time. Whoever can reach the gateway may ask, without a key, and each run is a
/// connection to the broker and a write to the database.
/// </summary>
internal sealed class Readiness(HealthCheckService checks, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private Task<HealthReport>? _latest;
    private long _asked;

    public Task<HealthReport> CheckAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_latest is null || time.GetElapsedTime(_asked) > Fresh) (_latest, _asked) = (checks.CheckHealthAsync(Includes, CancellationToken.None), time.GetTimestamp());
            return _latest.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Ours only: libraries add checks of their own, whose descriptions may name addresses.</summary>
    private static bool Includes(HealthCheckRegistration check) => check.Tags.Contains(HealthEndpoints.Tag);
}
