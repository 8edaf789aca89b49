using SandQueue.Testing;

namespace SandQueue.Transport.Tests.Reception;

/// <summary>How the queues of a process come back by themselves after its connection was lost. Nobody looks after them here.</summary>
public sealed class LostConnectionTests(RabbitMqServer server) : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly string _queue = $"sandqueue.test.{Guid.NewGuid():n}";
    private readonly Inbox _inbox = new();
    private Uri? _address;
    private TcpProxy? _line;
    private BusProcess? _process;
    private BusProcess? _other;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(await server.StartAsync(), server.Missing ?? "");
        _address = await server.NewVirtualHostAsync();
        _line = new TcpProxy(_address.Port);
        _process = await BusProcess.StartAsync(new TransportOptions { RabbitMq = new UriBuilder(_address) { Port = _line.Port }.Uri }, _inbox, new PacedLooks(every: null));
        _other = await BusProcess.StartAsync(new TransportOptions { RabbitMq = _address }, new Inbox());
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        if (_other is not null) await _other.DisposeAsync();
        if (_line is not null) await _line.DisposeAsync();
        if (_address is not null) await server.DeleteVirtualHostAsync(_address);
    }

    [Fact]
    public async Task A_message_that_is_worked_on_for_long_keeps_no_queue_from_coming_back()
    {
        var working = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _inbox.Hold(number: 1, working.Task);
        var shared = $"{_queue}.shared";
        await using var first = await _process!.ConnectSharedAsync(shared);
        await using var own = await _process.ConnectOwnAsync(_queue);
        await _other!.Sender.SendSharedAsync(shared, new Probe { Number = 1 }, replyTo: null, Lifetime, Cancel);
        await _inbox.TakeAsync(shared, 1, Cancel);

        _line!.Cut();
        _line.Mend();

        await Until.TrueAsync("its own queue receives again", async () =>
        {
            try
            {
                await _other.Sender.SendOwnAsync(_queue, new Probe { Number = 2 }, replyTo: null, Cancel);
                return true;
            }
            catch (MassTransit.MassTransitException)
            {
                return false;
            }
        }, Limit);
        (await _inbox.TakeAsync(_queue, 1, Cancel)).Single().Number.ShouldBe(2);

        await _other.Sender.SendSharedAsync(shared, new Probe { Number = 3 }, replyTo: null, Lifetime, Cancel);
        await Until.TrueAsync("the shared queue receives again", async () => (await _inbox.TakeAsync(shared, 1, Cancel)).Single().Number == 3, Limit);
        working.SetResult();
    }
}
