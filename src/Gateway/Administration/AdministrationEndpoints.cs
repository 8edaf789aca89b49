using SandQueue.Gateway.Security;

namespace SandQueue.Gateway.Administration;

/// <summary>What changes the farm itself. The embedded mode has none of it: its one worker ends with the program.</summary>
internal static class AdministrationEndpoints
{
    public static void MapAdministration(this IEndpointRouteBuilder routes)
    {
        var admin = routes.MapGroup("/admin").RequireAuthorization(ApiKeyServices.Admin).AddEndpointFilter<RouteGroupBuilder, DatabaseAwayFilter>();
        admin.MapGet("/workers", WorkersEndpoint.HandleAsync);
        admin.MapPost("/workers/{name}/drain", DrainWorkerEndpoint.HandleAsync);
    }
}
