using System.Text.Json.Nodes;
using SandQueue.Gateway.AgentScope.EnvironmentService;
using SandQueue.Gateway.Http;

namespace SandQueue.Gateway.AgentScope.SandboxManager;

/// <summary>
/// The surface of AgentScope's sandbox manager, which its <c>TrainingSandbox(base_url=…)</c> speaks: every answer is
/// <c>{"data": …}</c>, and an error is <c>{"detail": …}</c>. Some of its paths are also the environment service's;
/// the body tells whose call it is.
/// </summary>
internal static class SandboxEndpoints
{
    private const string Identity = "identity";

    public static void MapSandboxes(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health", HealthAsync).AllowAnonymous();
        routes.MapCall("/create_from_pool", OpenSandboxEndpoint.HandleAsync);
        routes.MapCall("/call_tool", CallToolEndpoint.HandleAsync);
        routes.MapCall("/list_tools", (context, body) => DataAsync(context, null));
        routes.MapCall("/check_health", (context, body) => DataAsync(context, true));
        routes.MapCall("/get_status", (context, body) => DataAsync(context, "running"));
        routes.MapCall("/create", (context, body) => body.Has("sandbox_type") ? OpenSandboxEndpoint.HandleAsync(context, body) : CreateEndpoint.HandleAsync(context, body));
        routes.MapCall("/get_info", (context, body) => body.Has(Identity) ? SandboxInfoEndpoint.HandleAsync(context, body) : InfoEndpoint.HandleAsync(context, body));
        routes.MapCall("/release", (context, body) => body.Has(Identity) ? CloseSandboxEndpoint.HandleAsync(context, body) : ReleaseEndpoint.HandleAsync(context, body));
    }

    public static string IdentityOf(RequestBody body) => body.Fields.Required(Identity);

    public static Task DataAsync(HttpContext context, JsonNode? data) =>
        JsonAnswer.ObjectAsync(context, StatusCodes.Status200OK, new JsonObject { ["data"] = data });

    private static Task HealthAsync(HttpContext context) =>
        JsonAnswer.ObjectAsync(context, StatusCodes.Status200OK, new JsonObject
        {
            ["status"] = "healthy",
            ["version"] = typeof(SandboxEndpoints).Assembly.GetName().Version!.ToString(3),
        });
}
