using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SandQueue.Hosting.Settings;
using SandQueue.Hosting.Startup;
using SandQueue.Rollouts.Batches;
using SandQueue.Rollouts.Endpoints;
using SandQueue.Rollouts.Play;
using SandQueue.Rollouts.Policies;
using SandQueue.Rollouts.Settings;
using SandQueue.Rollouts.Solutions;
using SandQueue.Routing;
using SandQueue.Routing.Fleet;
using SandQueue.Storage.Rollouts;

namespace SandQueue.Rollouts.Hosting;

/// <summary>Wires rollouts: what makes and looks after batches, and what plays them. Both need storage, a transport and the command core.</summary>
public static class RolloutServices
{
    /// <summary>What makes batches and looks after them; any process may have it, and of those that have one at a time does the work.</summary>
    /// <exception cref="StartupException">A setting is wrong.</exception>
    public static IServiceCollection AddBatches(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (services.Any(service => service.ServiceType == typeof(LaneRequests))) return services;
        var options = configuration.Read<RolloutOptions>(RolloutOptions.Section);
        Require(options);
        services.Configure<RolloutOptions>(configuration.GetSection(RolloutOptions.Section));
        services.AddSingleton<LaneRequests>();
        services.AddSingleton<RolloutSignals>();
        services.AddSingleton<TurnListing>();
        services.AddSingleton(provider => new TaskCatalogue(provider.GetRequiredService<ICommandRouter>(), provider.GetRequiredService<FleetView>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new BatchCreation(
            provider.GetRequiredService<BatchDirectory>(),
            provider.GetRequiredService<BatchEntry>(),
            provider.GetRequiredService<SecretDirectory>(),
            provider.GetRequiredService<TaskCatalogue>(),
            provider.GetRequiredService<LaneRequests>(),
            provider.GetRequiredService<IKeySealing>(),
            provider.GetRequiredService<IOptions<RolloutOptions>>(),
            provider.GetRequiredService<TimeProvider>()));
        IKeySealing keys = options.SecretKey is { Length: > 0 } key ? new ProtectedKeys(KeyProtection.Of(key)) : new UnkeptKeys();
        services.TryAddSingleton(keys);
        services.AddHostedService<BatchDispatcher>();
        return services;
    }

    /// <summary>What plays rollouts. The process has a worker's lease, and says under which name by an <see cref="ILaneOwner"/>.</summary>
    /// <inheritdoc cref="AddBatches"/>
    public static IServiceCollection AddRolloutWorker(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddBatches(configuration);
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<RolloutOptions>>().Value);
        services.TryAddSingleton<ISolutionSource, RoutedSolutions>();
        services.AddPolicies(configuration.Read<RolloutOptions>(RolloutOptions.Section).Endpoints);
        services.TryAddSingleton<IRolloutPlayer, RolloutPlayer>();
        services.AddSingleton<LedgerCalls>();
        services.AddSingleton<TurnWriter>();
        services.AddSingleton<PolicyKeys>();
        services.AddSingleton<ClaimedPlay>();
        services.AddSingleton<RolloutLanes>();
        services.AddSingleton<PlayRolloutsConsumer>();
        services.AddHostedService<RolloutEndpoint>();
        services.AddHostedService<ClaimWatch>();
        return services;
    }

    private static void Require(RolloutOptions options)
    {
        if (options.Concurrent is < 1 or > 10_000) throw new StartupException($"Rollouts:Concurrent is {options.Concurrent}; it may be 1 to 10000");
        if (options.MaxItems < 1) throw new StartupException($"Rollouts:MaxItems is {options.MaxItems}; at least 1 is needed");
        if (options.MaxBatchBytes < 1) throw new StartupException($"Rollouts:MaxBatchBytes is {options.MaxBatchBytes}; at least 1 is needed");
        if (options.MaxOpenBatches < 0) throw new StartupException($"Rollouts:MaxOpenBatches is {options.MaxOpenBatches}; it must be above 0, or 0 for no limit");
        if (options.MaxSecrets < 0) throw new StartupException($"Rollouts:MaxSecrets is {options.MaxSecrets}; it must be 0 or above");
    }
}
