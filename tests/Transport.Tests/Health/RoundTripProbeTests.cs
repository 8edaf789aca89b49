using MassTransit;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SandQueue.Testing;
using SandQueue.Transport.Brokers;
using SandQueue.Transport.Receiving;
using SandQueue.Transport.Health;
using SandQueue.Transport.Memory;
using SandQueue.Transport.Sending;

namespace SandQueue.Transport.Tests.Health;

/// <summary>What a probe finds of a process's own queue, in a real bus.</summary>
public sealed class RoundTripProbeTests : IAsyncLifetime
{
    private const string Queue = "own";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly IBusControl _bus = Bus.Factory.CreateUsingInMemory(_ => { });
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private OwnQueue Received => field ??= new ConsumerHealth(_time).NewQueue();

    private RoundTripProbe Probed => field ??= NewProbe(new MemoryEdge());

    public async ValueTask InitializeAsync() => await _bus.StartAsync(Cancel);

    public async ValueTask DisposeAsync()
    {
        // What a failed test still holds must not hold the suite.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await _bus.StopAsync(limit.Token);
    }

    [Fact]
    public async Task It_receives_where_the_probes_message_comes()
    {
        await _bus.ConnectReceiveEndpoint(Queue, Probed.Attach).Ready.WaitAsync(Limit, Cancel);
        (await Probed.ProbeAsync(Cancel).WaitAsync(Limit, Cancel)).ShouldBe(ProbeResult.Received);
        (await Probed.ProbeAsync(Cancel).WaitAsync(Limit, Cancel)).ShouldBe(ProbeResult.Received);
    }

    [Fact]
    public async Task It_is_missed_where_the_message_stays_away()
    {
        var asked = Probed.ProbeAsync(Cancel);

        await Until.TrueAsync("it is given up", () =>
        {
            _time.Advance(Deadlines.RoundTrip);
            return Task.FromResult(asked.IsCompleted);
        }, Limit);

        (await asked).ShouldBe(ProbeResult.Missed);
    }

    [Fact]
    public async Task Behind_a_backlog_any_other_message_is_proof()
    {
        var (first, held, later) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource());
        await _bus.ConnectReceiveEndpoint(Queue, endpoint =>
        {
            endpoint.ConcurrentMessageLimit = 1;
            endpoint.ConfigureConsumeTopology = false;
            Probed.Attach(endpoint);
            endpoint.Handler<Probe>(probe =>
            {
                first.TrySetResult();
                return probe.Message.Number == 1 ? held.Task : later.Task;
            });
        }).Ready.WaitAsync(Limit, Cancel);
        var address = await _bus.GetSendEndpoint(new Uri($"exchange:{Queue}"));
        await address.Send(new Probe { Number = 1 }, Cancel);
        await first.Task.WaitAsync(Limit, Cancel);
        await address.Send(new Probe { Number = 2 }, Cancel);
        var asked = Probed.ProbeAsync(Cancel);
        asked.IsCompleted.ShouldBeFalse("the probe's message waits");

        held.SetResult();

        (await asked.WaitAsync(Limit, Cancel)).ShouldBe(ProbeResult.Received);
        later.SetResult();
    }

    [Fact]
    public async Task Where_nothing_can_be_sent_the_broker_is_unreachable()
    {
        var unreachable = NewProbe(new UnreachableEdge());
        (await unreachable.ProbeAsync(Cancel).WaitAsync(Limit, Cancel)).ShouldBe(ProbeResult.Unreachable);
    }

    [Fact]
    public async Task It_can_be_given_up()
    {
        using var given = new CancellationTokenSource();
        var asked = Probed.ProbeAsync(given.Token);

        await given.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(asked);
    }

    private RoundTripProbe NewProbe(ITransportEdge edge)
    {
        var sender = new MessageSender(_bus, edge, new OwnQueues(), new SendLog(NullLoggerFactory.Instance, TimeProvider.System), TimeProvider.System);
        var connection = new ConnectionWatch(new SharedBrokerProbe(edge.ProbePublishAsync, _time), new NoRestart(), _time, NullLogger<ConnectionWatch>.Instance);
        return new RoundTripProbe(Queue, sender, Received, connection, _time);
    }

    private sealed class NoRestart : IProcessRestart
    {
        public void Request() => throw new InvalidOperationException("nothing here is broken for so long");
    }
}
