using Microsoft.AspNetCore.Routing;

namespace SandQueue.Hosting.Admin;

/// <summary>Pages of the admin address. Whoever reaches that may read them, so they name no tenant and no instance, and change nothing.</summary>
public interface IAdminPages
{
    /// <summary>Maps them.</summary>
    void Map(IEndpointRouteBuilder routes);
}
