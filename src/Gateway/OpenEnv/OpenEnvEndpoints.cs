using Microsoft.Extensions.Options;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.OpenEnv.Description;
using SandQueue.Gateway.OpenEnv.Episodes;
using SandQueue.Gateway.OpenEnv.Mcp;
using SandQueue.Gateway.OpenEnv.Sockets;
using SandQueue.Gateway.Security;
using SandQueue.Gateway.Settings;

namespace SandQueue.Gateway.OpenEnv;

/// <summary>The door for OpenEnv's clients: each environment is a server of that protocol, under <c>/openenv/NAME</c>.</summary>
internal static class OpenEnvEndpoints
{
    /// <summary>The part of a path that names the environment.</summary>
    public const string Environment = "environment";

    public static void AddOpenEnv(this IServiceCollection services)
    {
        services.AddSingleton(provider => SocketLimits.Of(provider.GetRequiredService<IOptions<GatewayOptions>>().Value));
        services.AddSingleton<SocketCounts>().AddSingleton<SocketEndpoint>().AddSingleton<EnvironmentEndpoints>().AddSingleton<McpEndpoint>();
        services.AddSingleton<EpisodeStart>().AddSingleton<EpisodeEnd>();
    }

    public static void MapOpenEnv(this IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        var door = routes.MapGroup($"/openenv/{{{Environment}}}");
        var described = services.GetRequiredService<EnvironmentEndpoints>();
        Map(door, HttpMethods.Get, "/ws", services.GetRequiredService<SocketEndpoint>().AnswerAsync);
        Map(door, HttpMethods.Post, "/mcp", services.GetRequiredService<McpEndpoint>().AnswerAsync);
        Map(door, HttpMethods.Get, "/schema", described.SchemaAsync);
        Map(door, HttpMethods.Get, "/health", described.HealthAsync).AllowAnonymous();
        Map(door, HttpMethods.Get, "/openapi.json", described.DocumentAsync).AllowAnonymous();
        Map(door, HttpMethods.Get, "/metadata", described.MetadataAsync).RequireAuthorization(ApiKeyServices.Read);
        Map(door, HttpMethods.Post, "/reset", described.NotOfferedAsync);
        Map(door, HttpMethods.Post, "/step", described.NotOfferedAsync);
        Map(door, HttpMethods.Get, "/state", described.NotOfferedAsync);
    }

    private static IEndpointConventionBuilder Map(IEndpointRouteBuilder routes, string method, string path, Func<HttpContext, Task> answer)
    {
        var errors = routes.ServiceProvider.GetRequiredService<RequestErrors>();
        return routes.MapMethods(path, [method], context => errors.AnswerAsync(context, answer));
    }
}
