using SandQueue.Testing;
using SandQueue.Transport.Sending;
using SandQueue.Transport.Tests.Sending;

namespace SandQueue.Transport.Tests.RabbitMq;

/// <summary>What is logged of messages to a queue that is gone. A fault run has thousands of them.</summary>
public sealed class ReturnedMessageLogTests(RabbitMqServer server) : IAsyncLifetime
{
    private readonly string _dead = $"sandqueue.test.{Guid.NewGuid():n}";
    private readonly LogLines _log = new();
    private readonly Inbox _inbox = new();
    private Uri? _address;
    private BusProcess? _process;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(await server.StartAsync(), server.Missing ?? "");
        _address = await server.NewVirtualHostAsync();
        _process = await BusProcess.StartAsync(new TransportOptions { RabbitMq = _address }, _inbox, log: _log);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        if (_address is not null) await server.DeleteVirtualHostAsync(_address);
    }

    [Fact]
    public async Task A_hundred_of_them_are_one_line_without_a_stack_trace()
    {
        for (var message = 0; message < 100; message++)
        {
            await Should.ThrowAsync<QueueGoneException>(_process!.Sender.SendOwnAsync(_dead, new Probe { Number = message }, replyTo: null, Cancel));
        }

        var line = _log.Lines.ShouldHaveSingleItem();
        line.ShouldEndWith($"a message to queue {_dead} was returned: the queue is gone ");
    }

    [Fact]
    public async Task So_they_are_where_a_consumer_sends_them()
    {
        var queue = $"{_dead}.living";
        await using var endpoint = await _process!.ConnectOwnAsync(queue);

        // It answers, and fails, since nobody waits for the answer.
        for (var message = 0; message < 3; message++) await _process.Sender.SendOwnAsync(queue, new Probe { Number = message }, GoneAddress(endpoint.Address, queue), Cancel);
        await _inbox.TakeAsync(queue, 3, Cancel);

        await Until.TrueAsync("a line is logged", () => Task.FromResult(_log.Lines.Any(line => line.Contains("was returned", StringComparison.Ordinal))), TimeSpan.FromSeconds(30));
        _log.Lines.ShouldNotContain(line => line.Contains("S-FAULT", StringComparison.Ordinal));
    }

    private Uri GoneAddress(Uri living, string queue) => new(living.OriginalString.Replace(queue, _dead, StringComparison.Ordinal));
}
