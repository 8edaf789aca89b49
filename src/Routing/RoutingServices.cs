using Microsoft.Extensions.DependencyInjection;
using SandQueue.Routing.Fleet;

namespace SandQueue.Routing;

public static class RoutingServices
{
    public static IServiceCollection AddRoutingOfCommands(this IServiceCollection services) => services
        .AddSingleton<FleetView>()
        .AddSingleton<OwnerCache>()
        .AddSingleton<CommandExpiry>()
        .AddSingleton<CommandRouter>();
}
