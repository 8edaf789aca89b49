using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace SandQueue.Transport;

/// <summary>Wires the bus. Nothing outside of this folder knows which transport carries it.</summary>
public static class TransportServices
{
    /// <param name="services">The process's services.</param>
    /// <param name="options">The transport.</param>
    /// <param name="consumers">Registers the consumers of the parts that run in this process.</param>
    public static IServiceCollection AddTransport(
        this IServiceCollection services, TransportOptions options, Action<IBusRegistrationConfigurator> consumers)
    {
        ArgumentNullException.ThrowIfNull(options);
        services.AddSingleton(options);
        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            consumers(bus);
            bus.UsingInMemory();
        });
        services.AddOptions<MassTransitHostOptions>().Configure(host =>
        {
            host.WaitUntilStarted = true;
            host.StopTimeout = TimeSpan.FromSeconds(3);
        });
        services.AddSingleton<EndpointConnector>();
        services.AddSingleton<MessageSender>();
        return services;
    }
}
