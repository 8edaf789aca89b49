using SandQueue.Testing;
using SandQueue.Transport;
using SandQueue.Transport.Tests;
using SandQueue.Transport.Tests.RabbitMq;

[assembly: AssemblyFixture(typeof(RabbitMqServer))]

namespace SandQueue.Transport.Tests.RabbitMq;

public sealed class RabbitMqTransport(RabbitMqServer server) : TransportFixture
{
    private Uri? _address;

    public override bool NoticesGoneQueues => true;

    protected override async Task<string?> MissingAsync() => await server.StartAsync() ? null : server.Missing;

    protected override async Task<(BusProcess First, BusProcess Second)> StartAsync()
    {
        _address = await server.NewVirtualHostAsync();
        var options = new TransportOptions { RabbitMq = _address };
        return (await BusProcess.StartAsync(options, Inbox), await BusProcess.StartAsync(options, Inbox));
    }

    protected override async ValueTask StopAsync() => await server.DeleteVirtualHostAsync(_address!);
}

public sealed class RabbitMqTransportTests(RabbitMqTransport transport) : TransportContract(transport.OrSkip()), IClassFixture<RabbitMqTransport>;
