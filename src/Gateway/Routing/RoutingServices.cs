namespace SandQueue.Gateway.Routing;

internal static class RoutingServices
{
    public static IServiceCollection AddRoutingOfCommands(this IServiceCollection services) => services
        .AddSingleton<Fleet>()
        .AddSingleton<OwnerCache>()
        .AddSingleton<CommandExpiry>()
        .AddSingleton<CommandRouter>();
}
