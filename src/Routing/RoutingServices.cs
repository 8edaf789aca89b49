using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using SandQueue.Routing.Fleet;
using SandQueue.Routing.Limits;
using SandQueue.Routing.Observation;
using SandQueue.Routing.Observation.Latency;
using SandQueue.Routing.Sending;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Transport.RabbitMq;

namespace SandQueue.Routing;

/// <summary>Wires the command core. It needs storage and a transport, and does not know which.</summary>
public static class RoutingServices
{
    /// <param name="services">The process's services.</param>
    /// <param name="limits">What each tenant may have; null for the defaults.</param>
    public static IServiceCollection AddCommandRouter(this IServiceCollection services, TenantLimits? limits = null)
    {
        limits ??= new TenantLimits();
        services.AddSingleton<PendingCommands>();
        services.AddSingleton<ICommandsInFlight>(provider => provider.GetRequiredService<PendingCommands>());
        services.AddSingleton<ReplyEndpoint>();
        services.AddHostedService(provider => provider.GetRequiredService<ReplyEndpoint>());
        services.AddSingleton<CommandRepliesConsumer>();
        services.AddSingleton<CommandSender>();
        services.AddSingleton<FleetView>();
        services.AddSingleton<OwnerCache>();
        services.AddSingleton<QueuedCreates>();
        services.AddSingleton<CommandExpiry>();
        services.AddSingleton<CommandResend>();
        services.AddSingleton<CreateCancellation>();
        services.AddSingleton<CommandRouter>();
        services.AddSingleton(limits);
        services.AddSingleton<TenantUse>();
        services.AddSingleton<JournalUse>();
        services.AddSingleton<IJournalRoom>(provider => provider.GetRequiredService<JournalUse>());
        services.AddSingleton<CreateTurns>();
        services.AddSingleton(provider => new LimitedRouter(
            provider.GetRequiredService<CommandRouter>(),
            limits,
            provider.GetRequiredService<TenantUse>(),
            provider.GetRequiredService<JournalUse>(),
            provider.GetRequiredService<CreateTurns>(),
            provider.GetRequiredService<CommandEnds>(),
            provider.GetRequiredService<CommandExpiry>(),
            provider.GetRequiredService<FleetView>(),
            provider.GetRequiredService<CommandLatency>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<KnownEnvironments>();
        services.AddSingleton<WaitingCreates>();
        services.AddSingleton(provider => new CommandLatency(provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<KnownEnvironments>().Label));
        services.AddHostedService<RoutingGauges>();
        services.AddSingleton(provider => new ScalingSignal(
            provider.GetRequiredService<FleetView>(), provider.GetRequiredService<WaitingCreates>(), provider.GetRequiredService<QueueDepths>()));
        services.AddSingleton<ICommandRouter>(provider => new ObservedRouter(
            provider.GetRequiredService<LimitedRouter>(),
            provider.GetRequiredService<WaitingCreates>(),
            provider.GetRequiredService<KnownEnvironments>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new SandboxInstances(provider.GetRequiredService<ICommandRouter>(), provider.GetRequiredService<InstanceDirectory>()));
        return services;
    }
}
