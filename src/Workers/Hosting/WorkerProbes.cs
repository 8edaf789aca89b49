using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SandQueue.Hosting.Admin;
using SandQueue.Workers.Leases;

namespace SandQueue.Workers.Hosting;

/// <summary><c>/healthz</c> says that the process answers, <c>/readyz</c> whether it has its lease and takes instances.</summary>
internal sealed class WorkerProbes(WorkerLease lease, DrainState drain) : IAdminPages
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", context => context.Response.WriteAsync("OK", context.RequestAborted)).DisableHttpMetrics();
        routes.MapGet("/readyz", ReadyAsync).DisableHttpMetrics();
    }

    private Task ReadyAsync(HttpContext context)
    {
        var why = drain.IsDraining ? "the worker drains" : lease.IsLive ? null : "the worker has no lease; the database or the broker may be away";
        context.Response.StatusCode = why is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return context.Response.WriteAsync(why ?? "OK", context.RequestAborted);
    }
}
