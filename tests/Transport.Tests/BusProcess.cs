using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SandQueue.Contracts;
using SandQueue.Transport.Endpoints;
using SandQueue.Transport.Health;
using SandQueue.Transport.Sending;

namespace SandQueue.Transport.Tests;

/// <summary>One process on the bus, as gateways and workers are.</summary>
public sealed class BusProcess : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private BusProcess(ServiceProvider services) => _services = services;

    public IMessageSender Sender => _services.GetRequiredService<IMessageSender>();

    public IConsumerHealth Health => _services.GetRequiredService<IConsumerHealth>();

    /// <summary>The steps that came.</summary>
    public ChannelReader<Envelope<StepInstance>> Steps => _services.GetRequiredService<StepConsumer>().Came;

    private ProbeConsumer Consumer => _services.GetRequiredService<ProbeConsumer>();

    private EndpointConnector Endpoints => _services.GetRequiredService<EndpointConnector>();

    /// <param name="options">The transport.</param>
    /// <param name="inbox">Gets what comes.</param>
    /// <param name="time">By which it sees to its queues; null for the machine's.</param>
    /// <param name="log">Gets what is logged; null where nobody looks.</param>
    public static async Task<BusProcess> StartAsync(TransportOptions options, Inbox inbox, TimeProvider? time = null, ILoggerProvider? log = null)
    {
        var services = new ServiceCollection().AddLogging(logging =>
        {
            if (log is not null) logging.AddProvider(log);
        }).AddSingleton(inbox).AddSingleton(time ?? TimeProvider.System);
        services.AddTransport(options).AddSingleton<ProbeConsumer>().AddSingleton<StepConsumer>();
        var process = new BusProcess(services.BuildServiceProvider());
        foreach (var hosted in process._services.GetServices<IHostedService>()) await hosted.StartAsync(CancellationToken.None);
        return process;
    }

    public Task<ConnectedEndpoint> ConnectSharedAsync(string queue) =>
        Endpoints.ConnectSharedAsync(queue, 8, [Consumer, _services.GetRequiredService<StepConsumer>()], CancellationToken.None);

    public Task<ConnectedEndpoint> ConnectOwnAsync(string queue) =>
        Endpoints.ConnectOwnAsync(queue, [Consumer, _services.GetRequiredService<StepConsumer>()], CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        foreach (var hosted in _services.GetServices<IHostedService>().Reverse()) await hosted.StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
    }
}
