using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OpenTelemetry.Metrics;
using SandQueue.Hosting.Admin;

namespace SandQueue.Hosting.Telemetry;

/// <summary><c>/metrics</c>: all metrics of this process in Prometheus' form.</summary>
internal sealed class MetricsPage(MeterProvider meters) : IAdminPages
{
    public void Map(IEndpointRouteBuilder routes) => routes
        .MapPrometheusScrapingEndpoint("/metrics", meters, configureBranchedPipeline: null, optionsName: null)
        .DisableHttpMetrics();
}
