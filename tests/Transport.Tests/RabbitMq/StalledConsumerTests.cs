using SandQueue.Testing;
using SandQueue.Transport.Brokers;
using SandQueue.Transport.Sending;

namespace SandQueue.Transport.Tests.RabbitMq;

/// <summary>A stalled consumer of a real queue: nothing comes through, while consumer and connection look well.</summary>
public sealed class StalledConsumerTests(RabbitMqServer server) : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly string _queue = $"sandqueue.test.{Guid.NewGuid():n}";
    private readonly PacedProbes _time = new(TimeSpan.FromSeconds(1));
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
    public async Task Is_reconnected_under_its_name()
    {
        await using var endpoint = await _process!.ConnectOwnAsync(_queue);
        await server.CutOffAsync(_address!, _queue);
        await Until.TrueAsync("nothing gets there", async () => await TrySendAsync(1) is QueueGoneException, Limit);

        await Until.TrueAsync("it is bound again", () => server.IsBoundAsync(_address!, _queue), Limit);
        await Until.TrueAsync("it receives again", async () => await TrySendAsync(2) is null, Limit);

        (await _inbox.TakeAsync(_queue, 1, Cancel)).Single().Number.ShouldBe(2);
    }

    [Fact]
    public async Task Is_not_touched_while_it_receives()
    {
        await using var endpoint = await _process!.ConnectOwnAsync(_queue);
        var consumer = await ConsumerAsync();

        await Until.TrueAsync("it was probed often", () => Task.FromResult(_time.Probes > 2 * Deadlines.MissedProbes), Limit);
        await SendAsync(1);
        await _inbox.TakeAsync(_queue, 1, Cancel);

        (await ConsumerAsync()).ShouldBe(consumer);
    }

    private Task SendAsync(int number) => _process!.Sender.SendOwnAsync(_queue, new Probe { Number = number }, replyTo: null, Cancel);

    private async Task<MessageNotSentException?> TrySendAsync(int number)
    {
        try
        {
            await SendAsync(number);
            return null;
        }
        catch (MessageNotSentException exception)
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
