using SandQueue.Testing;
using SandQueue.Transport.RabbitMq;

namespace SandQueue.Transport.Tests.RabbitMq;

/// <summary>Whether a broker takes messages over a new connection, which decides whether a process that cannot send is restarted.</summary>
public sealed class PublishProbeTests(RabbitMqServer server) : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private Uri? _address;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private RabbitMqEdge Edge => new(new BrokerConnection(_address!, [], new BrokerCertificate(null)), maxMessageBytes: 16 << 20);

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(await server.StartAsync(), server.Missing ?? "");
        _address = await server.NewVirtualHostAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_address is not null) await server.DeleteVirtualHostAsync(_address);
    }

    [Fact]
    public async Task It_takes_a_message_where_any_process_has_connected_its_queue()
    {
        await using var process = await BusProcess.StartAsync(new TransportOptions { RabbitMq = _address }, new Inbox());
        await using var endpoint = await process.ConnectOwnAsync($"sandqueue.test.{Guid.NewGuid():n}");

        await Edge.ProbePublishAsync(Cancel).WaitAsync(Limit, Cancel);

        process.Health.SinceReceived.ShouldBeLessThan(Limit);
    }

    [Fact]
    public async Task It_does_not_where_the_exchange_is_missing_or_nobody_listens()
    {
        await Should.ThrowAsync<Exception>(Edge.ProbePublishAsync(Cancel).WaitAsync(Limit, Cancel));
        var nowhere = new RabbitMqEdge(new BrokerConnection(new Uri($"amqp://127.0.0.1:{FreePort.Take(1)[0]}"), [], new BrokerCertificate(null)), maxMessageBytes: 16 << 20);
        await Should.ThrowAsync<RabbitMQ.Client.Exceptions.BrokerUnreachableException>(nowhere.ProbePublishAsync(Cancel).WaitAsync(Limit, Cancel));
    }
}
