using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace SandQueue.Routing.Sending;

/// <summary>Wires the sending side of commands.</summary>
public static class ClientServices
{
    public static IServiceCollection AddCommandSender(this IServiceCollection services)
    {
        services.AddSingleton<PendingCommands>();
        services.AddSingleton<ReplyEndpoint>();
        services.AddHostedService(provider => provider.GetRequiredService<ReplyEndpoint>());
        services.AddSingleton<CommandSender>();
        return services;
    }

    /// <summary>Registers the consumer of replies with the bus.</summary>
    public static void AddReplyConsumer(this IBusRegistrationConfigurator bus) => bus.AddConsumer<CommandRepliesConsumer>();
}
