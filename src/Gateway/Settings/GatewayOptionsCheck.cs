using SandQueue.Hosting.Startup;

namespace SandQueue.Gateway.Settings;

/// <summary>Refuses settings of a gateway that cannot work, each with its key and what it may be.</summary>
internal static class GatewayOptionsCheck
{
    /// <exception cref="StartupException">Names every setting that is wrong.</exception>
    public static void Require(GatewayOptions options)
    {
        if (Problems(options).ToList() is { Count: > 0 } problems) throw new StartupException(string.Join("; ", problems));
    }

    private static IEnumerable<string> Problems(GatewayOptions options)
    {
        if (options.MaxBodyBytes is < 1 or > int.MaxValue) yield return $"Gateway:MaxBodyBytes is {options.MaxBodyBytes}; it may be 1 to {int.MaxValue}";
        if (options.MaxImportBytes < 1) yield return $"Gateway:MaxImportBytes is {options.MaxImportBytes}; it must be above 0";
        if (options.MaxParamsBytes < 2) yield return $"Gateway:MaxParamsBytes is {options.MaxParamsBytes}; at least 2 are needed";
        if (options.MaxConnections < 1) yield return $"Gateway:MaxConnections is {options.MaxConnections}; at least 1 is needed";
        if (options.MaxVectorSteps < 1) yield return $"Gateway:MaxVectorSteps is {options.MaxVectorSteps}; at least 1 is needed";
        if (options.EventStreams < 0) yield return $"Gateway:EventStreams is {options.EventStreams}; it must be above 0, or 0 for no limit";
        if (options.McpSessions < 0) yield return $"Gateway:McpSessions is {options.McpSessions}; it must be above 0, or 0 for no limit";
        if (options.McpSessionIdle < TimeSpan.FromSeconds(1) || options.McpSessionIdle > TimeSpan.FromDays(1))
        {
            yield return $"Gateway:McpSessionIdle is {options.McpSessionIdle}; it may be 00:00:01 to 1.00:00:00";
        }

        if (options.AmqpPrefetch < 1) yield return $"Gateway:AmqpPrefetch is {options.AmqpPrefetch}; at least 1 is needed";
        foreach (var problem in options.Limits.Problems()) yield return problem;
        if (options.AmqpTenantShare < 1 || options.AmqpTenantShare > options.AmqpPrefetch)
        {
            yield return $"Gateway:AmqpTenantShare is {options.AmqpTenantShare}; it may be 1 to Gateway:AmqpPrefetch, which is {options.AmqpPrefetch}";
        }

        if (options.ReadTimeout < TimeSpan.FromSeconds(1) || options.ReadTimeout > TimeSpan.FromDays(1))
        {
            yield return $"Gateway:ReadTimeout is {options.ReadTimeout}; it may be 00:00:01 to 1.00:00:00";
        }

        if (options.OpenEnvConnections < 0) yield return $"Gateway:OpenEnvConnections is {options.OpenEnvConnections}; it must be above 0, or 0 for no limit";
        if (options.OpenEnvIdle < TimeSpan.FromSeconds(1) || options.OpenEnvIdle > TimeSpan.FromDays(1)) yield return $"Gateway:OpenEnvIdle is {options.OpenEnvIdle}; it may be 00:00:01 to 1.00:00:00";
        if (options.CommandTimeout <= TimeSpan.Zero || options.CommandTimeout.TotalMilliseconds > int.MaxValue)
        {
            yield return $"Gateway:CommandTimeout is {options.CommandTimeout}; it must be longer than nothing, and at most 24 days";
        }
    }
}
