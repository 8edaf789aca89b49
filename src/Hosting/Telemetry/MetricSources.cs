using SandQueue.Telemetry;

namespace SandQueue.Hosting.Telemetry;

/// <summary>Whose metrics and spans are exported.</summary>
internal static class MetricSources
{
    /// <summary>The spans of the requests that come to a gateway.</summary>
    public const string Door = "Microsoft.AspNetCore";

    /// <summary>
    /// Requests that run. No board and no alert shows them, and every request would pay for them twice, when it begins and when it ends: more than for any
    /// histogram. A view drops them before they are measured.
    /// </summary>
    public const string Dropped = "http.server.active_requests";

    /// <summary>Ours, the web server's, the database driver's and the runtime's.</summary>
    public static readonly string[] Meters = [Signals.Name, $"{Signals.Name}.*", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Npgsql", "System.Runtime"];
}
