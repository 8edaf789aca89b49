using System.Security.Cryptography;
using SandQueue.Testing;
using SandQueue.Transport.Sending;

namespace SandQueue.Transport.Tests.RabbitMq;

/// <summary>A message above the limit of the broker: RabbitMQ closes the channel it comes over.</summary>
public sealed class LargeMessageTests(RabbitMqServer server) : IAsyncLifetime
{
    private const int Limit = 1 << 20;

    private readonly string _queue = $"sandqueue.test.{Guid.NewGuid():n}";
    private readonly Inbox _inbox = new();
    private Uri? _address;
    private BusProcess? _process;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(await server.StartAsync(), server.Missing ?? "");
        _address = await server.NewVirtualHostAsync();
        _process = await BusProcess.StartAsync(new TransportOptions { RabbitMq = _address, MaxMessageBytes = Limit }, _inbox);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        if (_address is not null) await server.DeleteVirtualHostAsync(_address);
    }

    [Fact]
    public async Task Is_refused_alone_before_it_is_sent()
    {
        await using var endpoint = await _process!.ConnectOwnAsync(_queue);

        // As JSON it takes a third more than the limit.
        var refused = await Should.ThrowAsync<MessageTooLargeException>(SendAsync(1, Limit));
        refused.Limit.ShouldBe(Limit);
        refused.Bytes.ShouldBeInRange(Limit * 4L / 3, (Limit * 4L / 3) + 5_000);
        await SendAsync(2, Limit / 2);

        (await _inbox.TakeAsync(_queue, 1, Cancel)).Single().Number.ShouldBe(2);
    }

    private Task SendAsync(int number, int bytes) =>
        _process!.Sender.SendOwnAsync(_queue, new Probe { Number = number, Payload = RandomNumberGenerator.GetBytes(bytes) }, replyTo: null, Cancel);
}
