using System.Text.Json.Nodes;
using System.Text;
using Microsoft.Extensions.Options;
using SandQueue.Contracts;
using SandQueue.Gateway.Catalogue;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Ors.Answers;
using SandQueue.Gateway.Security;
using SandQueue.Gateway.Settings;
using SandQueue.Routing;
using SandQueue.Routing.Fleet;
using SandQueue.Routing.Outcomes;
using SandQueue.Storage.Instances;

namespace SandQueue.Gateway.Ors.Sessions;

/// <summary>The life of a session: a name, then an instance, then nothing.</summary>
internal sealed class SessionEndpoints(
    ICommandRouter router, SessionStart starts, DeferredTasks deferred, InstanceListing instances, FleetView fleet, BodyLimit limit, IOptions<GatewayOptions> options, TimeProvider time)
{
    private static readonly TimeSpan ReleaseLimit = TimeSpan.FromSeconds(10);

    /// <summary><c>POST /create_session</c>: gives an id, as events. Nothing is kept of it.</summary>
    public static Task OpenAsync(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache";
        return context.Response.Body.WriteAsync(Encoding.ASCII.GetBytes($"event: task_id\ndata: {OrsSession.NewId()}\n\nevent: end\ndata: \n\n"), context.RequestAborted).AsTask();
    }

    /// <summary><c>POST /create</c>: makes the session's instance.</summary>
    public async Task CreateAsync(HttpContext context)
    {
        var (tenant, session) = (context.Tenant(), OrsSession.IdOf(context.Request));
        using var body = await RequestBody.ReadAsync(context, limit, time);
        var task = SessionTask.Read(body.Fields, options.Value);
        if (await EnvironmentAsync(task, context.RequestAborted) is { } environment) await StartAsync(context, tenant, session, environment, task);
        else if (task.TaskId is not null) throw new BadRequestException("env_name is required beside task_spec where more than one environment is served");
        else if (!deferred.TryAdd(tenant, session, task)) throw new BadRequestException("too many sessions wait for the name of their environment; give env_name", StatusCodes.Status503ServiceUnavailable);
        await WriteAsync(context, "sid", session);
    }

    /// <summary>A Create has one end for good: one that is sent again after its session was deleted completes, and there is no instance.</summary>
    private async Task StartAsync(HttpContext context, string tenant, string session, string environment, SessionTask task)
    {
        await starts.RunAsync(context, tenant, session, environment, task);
        if (await instances.FindAsync(tenant, session, episodeId: null, context.RequestAborted) is { EndedAt: not null })
        {
            throw new BadRequestException($"session '{session}' has ended; POST /create_session gives another id", StatusCodes.Status410Gone, "released");
        }
    }

    /// <summary><c>POST /ping</c>: whether the session goes on.</summary>
    public async Task PingAsync(HttpContext context)
    {
        var (tenant, session) = (context.Tenant(), OrsSession.IdOf(context.Request));
        if (deferred.Find(tenant, session) is null && await instances.FindAsync(tenant, session, episodeId: null, context.RequestAborted) is not { EndedAt: null })
        {
            throw new BadRequestException($"session '{session}' has no live instance; POST /create makes one", StatusCodes.Status404NotFound, "unknown_instance");
        }

        await WriteAsync(context, "status", "ok");
    }

    /// <summary><c>POST /delete</c> and <c>POST /delete_session</c>: release the instance, where there is one.</summary>
    public async Task EndAsync(HttpContext context)
    {
        var (tenant, session) = (context.Tenant(), OrsSession.IdOf(context.Request));
        deferred.Remove(tenant, session);
        var release = new ReleaseInstance
        {
            CommandId = Guid.CreateVersion7().ToString("n"),
            Tenant = tenant,
            RemainingMs = (int)ReleaseLimit.TotalMilliseconds,
            InstanceId = session,
        };
        var outcome = await router.SendAsync(release, context.RequestAborted);
        var isGone = outcome is CommandOutcome.Completed or CommandOutcome.Rejected { Reason: CommandReason.UnknownInstance or CommandReason.Released } or CommandOutcome.Refusal { Reason: CommandReason.Lost or CommandReason.Diverged };
        if (!isGone) throw await OrsProblem.OfAsync(context, outcome);
        await WriteAsync(context, "sid", session);
    }

    /// <summary>The environment that a task is of; null where the client will say it with its next call.</summary>
    private async Task<string?> EnvironmentAsync(SessionTask task, CancellationToken cancellationToken)
    {
        if (task.Environment is { } named) return named;
        var served = await fleet.EnvironmentsAsync(cancellationToken);
        return served.Count == 1 ? served.Keys.Single() : null;
    }

    private static Task WriteAsync(HttpContext context, string name, string value) => JsonAnswer.ObjectAsync(context, StatusCodes.Status200OK, new JsonObject { [name] = value });
}
