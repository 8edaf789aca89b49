using SandQueue.Gateway.Http;
using SandQueue.Gateway.Security;

namespace SandQueue.Gateway.Administration;

/// <summary>What changes the farm itself: its keys and its workers. The one worker of the embedded mode ends with the program.</summary>
internal static class AdministrationEndpoints
{
    public static void AddAdministration(this IServiceCollection services) => services.AddSingleton<CreateKeyEndpoint>();

    /// <param name="routes">The gateway's routes.</param>
    /// <param name="isFarm">Whether the workers are programs of their own.</param>
    public static void MapAdministration(this IEndpointRouteBuilder routes, bool isFarm)
    {
        var admin = routes.MapGroup("/admin").RequireAuthorization(ApiKeyServices.Admin).AddEndpointFilter<RouteGroupBuilder, DatabaseAwayFilter>();
        admin.MapGet("/keys", KeysEndpoint.HandleAsync);
        admin.MapCall("/keys", routes.ServiceProvider.GetRequiredService<CreateKeyEndpoint>());
        admin.MapDelete("/keys/{id}", RevokeKeyEndpoint.HandleAsync);
        if (!isFarm) return;

        admin.MapGet("/workers", WorkersEndpoint.HandleAsync);
        admin.MapPost("/workers/{name}/drain", DrainWorkerEndpoint.HandleAsync);
    }
}
