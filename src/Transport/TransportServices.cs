using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SandQueue.Transport.Brokers;
using SandQueue.Transport.Endpoints;
using SandQueue.Transport.Health;
using SandQueue.Transport.Memory;
using SandQueue.Transport.RabbitMq;
using SandQueue.Transport.Receiving;
using SandQueue.Transport.Sending;

namespace SandQueue.Transport;

/// <summary>Wires the bus. Nothing outside of this project knows which transport carries it.</summary>
public static class TransportServices
{
    /// <param name="services">The process's services.</param>
    /// <param name="options">The transport.</param>
    public static IServiceCollection AddTransport(this IServiceCollection services, TransportOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ITransportEdge edge = options.RabbitMq is { } broker ? new RabbitMqEdge(Connection(broker, options), options.MaxMessageBytes) : new MemoryEdge();
        services.AddSingleton(edge);
        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            edge.Use(bus);
        });
        services.AddOptions<MassTransitHostOptions>().Configure(host =>
        {
            host.WaitUntilStarted = true;
            host.StartTimeout = options.StartTimeout;
            host.StopTimeout = TimeSpan.FromSeconds(3);
        });
        services.TryAddSingleton(TimeProvider.System);
        if (edge.MaxMessageBytes is { } limit) services.AddSendObserver(_ => new MessageSizeLimit(limit));
        services.AddSingleton(new BrokerProbe(edge));
        var connection = options.RabbitMq is { } address ? Connection(address, options) : null;
        if (connection is not null) services.AddSingleton(new BrokerConnections(connection));
        services.AddSingleton(new QueueDepths(connection));
        services.AddSingleton<SendLog>();
        services.AddSingleton<OwnQueues>();
        services.AddSingleton<IMessageSender, MessageSender>();
        services.AddSingleton<ConsumerHealth>();
        services.AddSingleton<IConsumerHealth>(provider => provider.GetRequiredService<ConsumerHealth>());
        services.AddSingleton<IProcessRestart>(provider => new HostRestart(provider.GetService<IHostApplicationLifetime>()));
        services.AddSingleton(provider => new ConnectionWatch(
            new SharedBrokerProbe(edge.ProbePublishAsync, provider.GetRequiredService<TimeProvider>()),
            provider.GetRequiredService<IProcessRestart>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ConnectionWatch>>()));
        if (edge.MayStall) services.AddSendObserver(provider => provider.GetRequiredService<ConnectionWatch>());
        services.AddSingleton(provider => new EndpointConnector(
            provider.GetRequiredService<IReceiveEndpointConnector>(),
            edge,
            provider.GetRequiredService<IMessageSender>(),
            provider.GetRequiredService<OwnQueues>(),
            provider.GetRequiredService<ConsumerHealth>(),
            provider.GetRequiredService<ConnectionWatch>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ConnectedEndpoint>>()));
        return services;
    }

    private static BrokerConnection Connection(Uri address, TransportOptions options) => new(address, options.OtherNodes, new BrokerCertificate(options.Authorities));
}
