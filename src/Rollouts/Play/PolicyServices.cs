using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SandQueue.Rollouts.Endpoints;
using SandQueue.Rollouts.Policies;
using SandQueue.Rollouts.Policies.Replays;
using SandQueue.Rollouts.Settings;

namespace SandQueue.Rollouts.Play;

/// <summary>Wires what policies decide by: endpoints of models, and the journal's episodes. A process that plays rollouts has it, with storage.</summary>
public static class PolicyServices
{
    /// <param name="services">The process's services. An <see cref="ISolutionSource"/> among them lets <c>gold</c> play.</param>
    /// <param name="endpoints">What may be called. A server that only its own machine reaches allows <c>loopback</c> and <c>private</c> besides.</param>
    /// <exception cref="SandQueue.Hosting.Startup.StartupException">The settings name no network.</exception>
    public static IServiceCollection AddPolicies(this IServiceCollection services, EndpointOptions endpoints)
    {
        var addresses = new EndpointAddresses(endpoints);
        services.TryAddSingleton(_ => new EndpointHttp(addresses, endpoints));
        services.TryAddSingleton(provider => new ChatEndpoint(provider.GetRequiredService<EndpointHttp>(), endpoints, provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<IRecordedEpisodes, JournaledEpisodes>();
        services.TryAddSingleton<IPolicyFactory>(provider => new PolicyFactory(
            provider.GetRequiredService<ChatEndpoint>(), provider.GetService<ISolutionSource>(), provider.GetRequiredService<IRecordedEpisodes>()));
        return services;
    }
}
