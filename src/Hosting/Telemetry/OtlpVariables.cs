using System.Collections;
using Microsoft.Extensions.Configuration;

namespace SandQueue.Hosting.Telemetry;

/// <summary>
/// OpenTelemetry's own variables, <c>OTEL_…</c>. They are not ours, so they keep their names, and every program reads them the same whatever settings it reads
/// beside them.
/// </summary>
internal static class OtlpVariables
{
    /// <summary>Where everything is sent to; nothing is sent without it.</summary>
    public const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Whether metrics are sent there: <c>none</c> where somebody reads <c>/metrics</c> instead. Each that is measured costs twice where both are.</summary>
    public const string MetricsExporter = "OTEL_METRICS_EXPORTER";

    /// <summary>How spans are chosen.</summary>
    public const string Sampler = "OTEL_TRACES_SAMPLER";

    /// <summary>What is told to the sampler.</summary>
    public const string SamplerArgument = "OTEL_TRACES_SAMPLER_ARG";

    /// <summary>What the program is called; its own name without it.</summary>
    public const string ServiceName = "OTEL_SERVICE_NAME";

    private const string Prefix = "OTEL_";

    /// <summary>
    /// Adds them to the settings. One span in a hundred unless the variables say otherwise, and always where the caller's own trace is recorded.
    /// </summary>
    public static void AddOtlpVariables(this IConfigurationBuilder configuration)
    {
        var variables = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Where(variable => ((string)variable.Key).StartsWith(Prefix, StringComparison.Ordinal))
            .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value);
        if (variables.TryAdd(Sampler, "parentbased_traceidratio")) variables.TryAdd(SamplerArgument, "0.01");
        configuration.AddInMemoryCollection(variables);
    }
}
