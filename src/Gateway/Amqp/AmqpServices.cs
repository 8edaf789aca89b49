using Microsoft.Extensions.Options;
using SandQueue.Gateway.Amqp.Events;
using SandQueue.Gateway.Amqp.Sharing;
using SandQueue.Gateway.Security;
using SandQueue.Gateway.Settings;

namespace SandQueue.Gateway.Amqp;

/// <summary>Opens the door for AMQP, where there is a broker.</summary>
internal static class AmqpServices
{
    /// <param name="services">Where it is added.</param>
    /// <param name="users">Who needs no API key.</param>
    public static void AddAmqpDoor(this IServiceCollection services, BrokerUsers users)
    {
        services.AddSingleton(users);
        services.AddSingleton<AmqpSenders>();
        services.AddSingleton(provider => Shares(provider.GetRequiredService<IOptions<GatewayOptions>>().Value));
        services.AddMetrics();
        services.AddSingleton<AmqpMetrics>();
        services.AddSingleton<AmqpExecution>();
        services.AddSingleton<AmqpDelivery>();
        services.AddSingleton<InstanceEvents>();
        services.AddSingleton<BatchEvents>();
        services.AddSingleton<AmqpBatches>();
        services.AddHostedService<AmqpDoor>();
    }

    /// <summary>A quarter of the deliveries is for moving commands on, whoever holds the others.</summary>
    private static TenantShares Shares(GatewayOptions options) => new(Math.Max(1, options.AmqpPrefetch * 3 / 4), options.AmqpTenantShare);
}
