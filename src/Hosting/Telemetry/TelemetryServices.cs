using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using SandQueue.Hosting.Admin;
using SandQueue.Telemetry;

namespace SandQueue.Hosting.Telemetry;

/// <summary>Wires telemetry, the same for every program.</summary>
public static class TelemetryServices
{
    /// <summary>
    /// Exports metrics, spans and log lines over OTLP where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set, and shows metrics at <c>/metrics</c> where there is an
    /// admin address; over OTLP go no metrics where <c>OTEL_METRICS_EXPORTER</c> is <c>none</c>. Without either nothing listens, and nothing is measured.
    /// </summary>
    /// <param name="builder">The program.</param>
    /// <param name="program">What it is called: <c>sandqueue-gateway</c>.</param>
    /// <param name="admin">Its admin address; null where there is none.</param>
    public static void AddTelemetry(this IHostApplicationBuilder builder, string program, IPEndPoint? admin)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Configuration.AddOtlpVariables();
        var isSent = builder.Configuration[OtlpVariables.Endpoint] is { Length: > 0 };
        var sendsMetrics = isSent && builder.Configuration[OtlpVariables.MetricsExporter] is not "none";
        if (admin is not null) builder.Services.AddAdminServer(admin);
        if (!isSent && admin is null) return;

        var telemetry = builder.Services.AddOpenTelemetry();
        if (builder.Configuration[OtlpVariables.ServiceName] is not { Length: > 0 }) telemetry.ConfigureResource(resource => resource.AddService(program, serviceVersion: Version));
        if (sendsMetrics || admin is not null) telemetry.WithMetrics(metrics =>
        {
            metrics.AddMeter(MetricSources.Meters).AddView(MetricSources.Dropped, MetricStreamConfiguration.Drop);
            if (sendsMetrics) metrics.AddOtlpExporter();
            if (admin is not null) metrics.AddPrometheusExporter();
        });
        if (admin is not null) builder.Services.AddSingleton<IAdminPages, MetricsPage>();
        if (!isSent) return;

        telemetry.WithTracing(traces => traces.AddSource(Signals.Name, MetricSources.Door).AddOtlpExporter());
        telemetry.WithLogging(logs => logs.AddOtlpExporter());
    }

    private static string Version => typeof(TelemetryServices).Assembly.GetName().Version!.ToString(3);

    private static void AddAdminServer(this IServiceCollection services, IPEndPoint admin) => services.AddHostedService(provider =>
        new AdminServer(admin, provider.GetServices<IAdminPages>(), provider.GetRequiredService<ILoggerFactory>()));
}
