using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SandQueue.Transport.Endpoints;
using SandQueue.Transport.Receiving;
using SandQueue.Transport.Sending;

namespace SandQueue.Transport.Tests.Receiving;

/// <summary>What a process sends to a queue of its own is handed over as it is: the very object arrives, which no bus could bring.</summary>
public sealed class OwnQueuesTests : IAsyncLifetime
{
    private readonly string _queue = $"sandqueue.test.{Guid.NewGuid():n}";
    private readonly Receiver _receiver = new();
    private ServiceProvider _services = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IMessageSender Sender => _services.GetRequiredService<IMessageSender>();

    public async ValueTask InitializeAsync()
    {
        _services = new ServiceCollection().AddLogging().AddTransport(new TransportOptions()).BuildServiceProvider();
        foreach (var hosted in _services.GetServices<IHostedService>()) await hosted.StartAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var hosted in _services.GetServices<IHostedService>().Reverse()) await hosted.StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
    }

    [Fact]
    public async Task A_message_to_an_own_queue_is_handed_over()
    {
        await using var endpoint = await ConnectAsync();
        var (sent, replyTo) = (new Probe { Number = 1 }, new Uri("exchange:somebody"));

        await Sender.SendOwnAsync(_queue, sent, replyTo, Cancel);

        _receiver.Last.ShouldBe((sent, replyTo));
        _receiver.Last.Message.ShouldBeSameAs(sent);
    }

    [Fact]
    public async Task So_is_an_answer()
    {
        await using var endpoint = await ConnectAsync();
        var sent = new Probe { Number = 2 };

        await Sender.ReplyAsync(new Uri(endpoint.Address.OriginalString), sent, Cancel);

        _receiver.Last.Message.ShouldBeSameAs(sent);
    }

    [Fact]
    public async Task Of_the_answers_to_two_queues_each_gets_its_own()
    {
        var other = new Receiver();
        await using var endpoint = await ConnectAsync();
        await using var second = await Endpoints().ConnectOwnAsync($"{_queue}.other", [other], Cancel);

        await Sender.ReplyAsync(second.Address, new Probe { Number = 3 }, Cancel);

        (_receiver.Last.Message, other.Last.Message.Number).ShouldBe((null!, 3));
    }

    [Fact]
    public async Task What_a_receiver_fails_with_is_not_its_senders_matter()
    {
        await using var endpoint = await ConnectAsync();
        _receiver.Failure = new InvalidOperationException("a defect");

        await Sender.SendOwnAsync(_queue, new Probe { Number = 4 }, replyTo: null, Cancel);

        _receiver.Last.Message.Number.ShouldBe(4);
    }

    [Fact]
    public async Task A_queue_that_is_closed_gets_nothing_more()
    {
        await (await ConnectAsync()).DisposeAsync();

        await Sender.SendOwnAsync(_queue, new Probe { Number = 5 }, replyTo: null, Cancel);

        _receiver.Last.Message.ShouldBeNull();
    }

    [Fact]
    public async Task Over_the_bus_a_receiver_gets_messages_too()
    {
        await using var endpoint = await Endpoints().ConnectSharedAsync(_queue, 1, [_receiver], Cancel);
        var sent = new Probe { Number = 6 };

        await Sender.SendSharedAsync(_queue, sent, new Uri("exchange:somebody"), TimeSpan.FromMinutes(1), Cancel);

        await _receiver.Came.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        _receiver.Last.Message.Number.ShouldBe(6);
        _receiver.Last.Message.ShouldNotBeSameAs(sent);
        _receiver.Last.ReplyTo!.AbsolutePath.ShouldEndWith("somebody");
    }

    [Fact]
    public async Task What_is_handed_over_has_been_taken_when_the_call_returns()
    {
        await using var endpoint = await ConnectAsync();
        var replyTo = new Uri("exchange:somebody");

        Sender.TryHandOver(_queue, 7, number => new Probe { Number = number }, replyTo).ShouldBeTrue();
        (_receiver.Last.Message.Number, _receiver.Last.ReplyTo).ShouldBe((7, replyTo));
        Sender.TryHandOver(endpoint.Address.OriginalString, 8, number => new Probe { Number = number }, replyTo: null).ShouldBeTrue();
        (_receiver.Last.Message.Number, _receiver.Last.ReplyTo).ShouldBe((8, null));
    }

    [Fact]
    public async Task What_is_not_this_processs_is_not_handed_over()
    {
        await using var endpoint = await ConnectAsync();

        Sender.TryHandOver<int, Probe>($"{_queue}.other", 9, _ => throw new InvalidOperationException("made for nobody"), replyTo: null).ShouldBeFalse();
        Sender.TryHandOver(_queue, "a text", text => text, replyTo: null).ShouldBeFalse();
    }

    private EndpointConnector Endpoints() => _services.GetRequiredService<EndpointConnector>();

    private Task<ConnectedEndpoint> ConnectAsync() => Endpoints().ConnectOwnAsync(_queue, [_receiver], Cancel);

    private sealed class Receiver : IReceiver<Probe>
    {
        private readonly TaskCompletionSource _came = new();

        public Task Came => _came.Task;

        public (Probe Message, Uri? ReplyTo) Last { get; private set; }

        public Exception? Failure { get; set; }

        public Task ReceiveAsync(Probe message, Uri? replyTo, CancellationToken cancellationToken)
        {
            Last = (message, replyTo);
            _came.TrySetResult();
            return Failure is { } failure ? Task.FromException(failure) : Task.CompletedTask;
        }
    }
}
