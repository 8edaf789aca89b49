using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using MudBlazor.Services;
using SandQueue.Dashboard.Calls;
using SandQueue.Dashboard.Shell;

namespace SandQueue.Dashboard;

/// <summary>Wires the pages. Who may see them, and what they can ask, is the gateway's: it brings an <see cref="IGatewayCalls"/>.</summary>
public static class DashboardServices
{
    /// <summary>What one message of a browser may have: an action of the hand-played episode, pasted.</summary>
    private const long LargestMessage = 2 << 20;

    public static IServiceCollection AddDashboard(this IServiceCollection services, DashboardSettings settings)
    {
        services.AddSingleton(settings);
        services.AddRazorComponents().AddInteractiveServerComponents().AddHubOptions(hub => hub.MaximumReceiveMessageSize = LargestMessage);
        services.AddCascadingAuthenticationState();
        services.AddMudServices(mud =>
        {
            mud.SnackbarConfiguration.PositionClass = Defaults.Classes.Position.BottomRight;
            mud.SnackbarConfiguration.PreventDuplicates = true;
        });
        return services.AddScoped<GatewayClient>();
    }

    /// <summary>Maps the pages. What may frame them is said with their other headers, by the gateway.</summary>
    public static RazorComponentsEndpointConventionBuilder MapDashboard(this IEndpointRouteBuilder routes) =>
        routes.MapRazorComponents<App>().AddInteractiveServerRenderMode(mode => mode.ContentSecurityFrameAncestorsPolicy = null);
}
