using System.Text.Json.Nodes;
using SandQueue.Gateway.AgentScope.EnvironmentService;
using SandQueue.Gateway.AgentScope.SandboxManager;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Security;

namespace SandQueue.Gateway.AgentScope;

/// <summary>
/// AgentScope's two surfaces on the same paths: its environment service, and its sandbox manager, which
/// <c>TrainingSandbox(base_url=…)</c> speaks.
/// </summary>
internal static class AgentScopeEndpoints
{
    public static void AddAgentScope(this IServiceCollection services)
    {
        foreach (var endpoint in (Type[])
        [
            typeof(CreateEndpoint), typeof(StepEndpoint), typeof(EvaluateEndpoint), typeof(InfoEndpoint), typeof(ReleaseEndpoint), typeof(ProfileEndpoint),
            typeof(OpenSandboxEndpoint), typeof(CallToolEndpoint), typeof(SandboxInfoEndpoint), typeof(CloseSandboxEndpoint),
        ])
        {
            services.AddSingleton(endpoint);
        }
    }

    public static void MapAgentScope(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health", HealthAsync).AllowAnonymous();

        routes.MapCall("/get_env_profile", Get<ProfileEndpoint>(routes)).RequireAuthorization(ApiKeyServices.Read);
        routes.MapCall("/step", Get<StepEndpoint>(routes));
        routes.MapCall("/evaluate", Get<EvaluateEndpoint>(routes));

        routes.MapCall("/create_from_pool", Get<OpenSandboxEndpoint>(routes));
        routes.MapCall("/call_tool", Get<CallToolEndpoint>(routes));
        routes.MapCall("/list_tools", new ConstantEndpoint(null)).RequireAuthorization(ApiKeyServices.Read);
        routes.MapCall("/check_health", new ConstantEndpoint(true)).RequireAuthorization(ApiKeyServices.Read);
        routes.MapCall("/get_status", new ConstantEndpoint("running")).RequireAuthorization(ApiKeyServices.Read);

        routes.MapCall("/create", new SharedPathEndpoint("sandbox_type", "env_type", Get<OpenSandboxEndpoint>(routes), Get<CreateEndpoint>(routes)));
        routes.MapCall("/get_info", new SharedPathEndpoint(SandboxAnswer.Identity, "instance_id", Get<SandboxInfoEndpoint>(routes), Get<InfoEndpoint>(routes))).RequireAuthorization(ApiKeyServices.Read);
        routes.MapCall("/release", new SharedPathEndpoint(SandboxAnswer.Identity, "instance_id", Get<CloseSandboxEndpoint>(routes), Get<ReleaseEndpoint>(routes)));
    }

    /// <summary>Endpoints are made once, when they are mapped; what they need is injected.</summary>
    private static T Get<T>(IEndpointRouteBuilder routes)
        where T : class, ICallEndpoint => routes.ServiceProvider.GetRequiredService<T>();

    private static Task HealthAsync(HttpContext context) =>
        JsonAnswer.ObjectAsync(context, StatusCodes.Status200OK, new JsonObject
        {
            ["status"] = "healthy",
            ["version"] = typeof(AgentScopeEndpoints).Assembly.GetName().Version!.ToString(3),
        });
}
