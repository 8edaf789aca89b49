using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SandQueue.Hosting.Admin;
using SandQueue.Workers.Leases;
using SandQueue.Workers.Serving;

namespace SandQueue.Workers.Hosting;

/// <summary><c>/healthz</c> says that the process answers, <c>/readyz</c> whether it has its lease and takes instances of what could be started.</summary>
internal sealed class WorkerProbes(WorkerLease lease, DrainState drain, EnvironmentServing serving) : IAdminPages
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", context => context.Response.WriteAsync("OK", context.RequestAborted)).DisableHttpMetrics();
        routes.MapGet("/readyz", ReadyAsync).DisableHttpMetrics();
    }

    /// <summary>Null where it is ready.</summary>
    internal string? WhyNotReady() => drain.IsDraining ? "the worker drains"
        : !lease.IsLive ? "the worker has no lease; the database or the broker may be away"
        : !serving.HasStarted ? "the worker's environments still start"
        : null;

    private Task ReadyAsync(HttpContext context)
    {
        var why = WhyNotReady();
        context.Response.StatusCode = why is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return context.Response.WriteAsync(why ?? "OK", context.RequestAborted);
    }
}
