using SandQueue.Contracts;
using SandQueue.Gateway.AgentScope.SandboxManager;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Security;
using SandQueue.Gateway.Verbs;

namespace SandQueue.Gateway.AgentScope.EnvironmentService;

/// <summary>
/// The surface of AgentScope's environment service: <c>POST</c> with
/// <c>{"env_type","task_id","instance_id","messages","params"}</c>, answered by <c>{"success","data"}</c>.
/// </summary>
internal static class EnvironmentServiceEndpoints
{
    private static readonly byte[] Before = "{\"success\":true,\"data\":"u8.ToArray();
    private static readonly byte[] After = "}"u8.ToArray();

    /// <summary>Maps the paths that belong to this surface alone; <see cref="Sandboxes.SandboxEndpoints"/> shares the others.</summary>
    public static void MapEnvironmentService(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", context => context.Response.WriteAsync("OK", context.RequestAborted)).AllowAnonymous();
        routes.MapCall("/get_env_profile", ProfileEndpoint.HandleAsync);
        routes.MapCall("/step", StepEndpoint.HandleAsync);
        routes.MapCall("/evaluate", EvaluateEndpoint.HandleAsync);
    }

    public static VerbCall Call(HttpContext context, RequestBody body) =>
        new(context.Tenant(), body.Fields, context.Request.Headers["Idempotency-Key"] is [{ Length: > 0 } key] ? key : null);

    public static Task AnswerAsync(HttpContext context, Contracts.CommandReply? reply) => ReplyAnswer.WriteAsync(context, reply, Before, After);
}
