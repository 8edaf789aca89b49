using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using SandQueue.Routing.Fleet;
using SandQueue.Routing.Sending;
using SandQueue.Storage.Instances;

namespace SandQueue.Routing;

/// <summary>Wires the command core. It needs storage and a transport, and does not know which.</summary>
public static class RoutingServices
{
    public static IServiceCollection AddCommandRouter(this IServiceCollection services)
    {
        services.AddSingleton<PendingCommands>();
        services.AddSingleton<ReplyEndpoint>();
        services.AddHostedService(provider => provider.GetRequiredService<ReplyEndpoint>());
        services.AddSingleton<CommandSender>();
        services.AddSingleton<FleetView>();
        services.AddSingleton<OwnerCache>();
        services.AddSingleton<CommandExpiry>();
        services.AddSingleton<CommandResend>();
        services.AddSingleton<CreateCancellation>();
        services.AddSingleton<ICommandRouter, CommandRouter>();
        services.AddSingleton(provider => new SandboxInstances(provider.GetRequiredService<ICommandRouter>(), provider.GetRequiredService<InstanceDirectory>()));
        return services;
    }

    /// <summary>Registers the consumer of replies with the bus.</summary>
    public static void AddReplyConsumer(this IBusRegistrationConfigurator bus) => bus.AddConsumer<CommandRepliesConsumer>();
}
