using MassTransit;
using SandQueue.Testing;

namespace SandQueue.Transport.Tests.Reception;

/// <summary>A real queue that nothing comes through any more, while its consumer and its connection look well.</summary>
public sealed class DeafQueueTests(RabbitMqServer server) : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly string _queue = $"sandqueue.test.{Guid.NewGuid():n}";
    private readonly PacedLooks _time = new(TimeSpan.FromSeconds(1));
    private readonly Inbox _inbox = new();
    private Uri? _address;
    private BusProcess? _process;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(await server.StartAsync(), server.Missing ?? "");
        _address = await server.NewVirtualHostAsync();
        _process = await BusProcess.StartAsync(new TransportOptions { RabbitMq = _address }, _inbox, _time);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        if (_address is not null) await server.DeleteVirtualHostAsync(_address);
    }

    [Fact]
    public async Task Is_connected_anew_under_its_name()
    {
        await using var endpoint = await _process!.ConnectOwnAsync(_queue);
        await server.CutOffAsync(_address!, _queue);
        await Until.TrueAsync("nothing gets there", async () => await TrySendAsync(1) is MessageReturnedException, Limit);

        await Until.TrueAsync("it is bound again", () => server.IsBoundAsync(_address!, _queue), Limit);
        await Until.TrueAsync("it receives again", async () => await TrySendAsync(2) is null, Limit);

        (await _inbox.TakeAsync(_queue, 1, Cancel)).Single().Number.ShouldBe(2);
    }

    [Fact]
    public async Task Is_not_touched_while_it_receives()
    {
        await using var endpoint = await _process!.ConnectOwnAsync(_queue);
        var consumer = await ConsumerAsync();

        await Until.TrueAsync("it was looked often", () => Task.FromResult(_time.Looks > 2 * Deadlines.DeafLooks), Limit);
        await SendAsync(1);
        await _inbox.TakeAsync(_queue, 1, Cancel);

        (await ConsumerAsync()).ShouldBe(consumer);
    }

    private Task SendAsync(int number) => _process!.Sender.SendOwnAsync(_queue, new Probe { Number = number }, replyTo: null, Cancel);

    private async Task<MassTransitException?> TrySendAsync(int number)
    {
        try
        {
            await SendAsync(number);
            return null;
        }
        catch (MassTransitException exception)
        {
            return exception;
        }
    }

    /// <summary>The tag of its consumer, which is another for each endpoint.</summary>
    private async Task<string> ConsumerAsync()
    {
        string? tag = null;
        await Until.TrueAsync("the broker tells of its consumer", async () => (tag = await server.FindConsumerAsync(_address!, _queue)) is not null, Limit);
        return tag!;
    }
}
