using MassTransit;
using Microsoft.Extensions.Time.Testing;
using SandQueue.Testing;
using SandQueue.Transport.Memory;
using SandQueue.Transport.Reception;
using SandQueue.Transport.Sending;

namespace SandQueue.Transport.Tests.Reception;

/// <summary>What is believed of a process's own queue, in a real bus.</summary>
public sealed class RoundTripTests : IAsyncLifetime
{
    private const string Queue = "own";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly IBusControl _bus = Bus.Factory.CreateUsingInMemory(_ => { });
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private RoundTrip Check => field ??= new RoundTrip(Queue, new MessageSender(_bus, new MemoryEdge()), _time);

    public async ValueTask InitializeAsync() => await _bus.StartAsync(Cancel);

    public async ValueTask DisposeAsync()
    {
        // What a failed test still holds must not hold the suite.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await _bus.StopAsync(limit.Token);
    }

    [Fact]
    public async Task It_receives_where_the_heartbeat_comes()
    {
        await _bus.ConnectReceiveEndpoint(Queue, Check.Attach).Ready.WaitAsync(Limit, Cancel);
        (await Check.ReceivesAsync(Cancel).WaitAsync(Limit, Cancel)).ShouldBe(true);
        (await Check.ReceivesAsync(Cancel).WaitAsync(Limit, Cancel)).ShouldBe(true);
    }

    [Fact]
    public async Task It_does_not_where_the_heartbeat_stays_away()
    {
        var asked = Check.ReceivesAsync(Cancel);

        await Until.TrueAsync("it is given up", () =>
        {
            _time.Advance(Deadlines.RoundTrip);
            return Task.FromResult(asked.IsCompleted);
        }, Limit);

        (await asked).ShouldBe(false);
    }

    [Fact]
    public async Task Behind_a_backlog_any_other_message_is_proof()
    {
        var (first, held, later) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource());
        await _bus.ConnectReceiveEndpoint(Queue, endpoint =>
        {
            endpoint.ConcurrentMessageLimit = 1;
            endpoint.ConfigureConsumeTopology = false;
            Check.Attach(endpoint);
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
        var asked = Check.ReceivesAsync(Cancel);
        asked.IsCompleted.ShouldBeFalse("the heartbeat waits");

        held.SetResult();

        (await asked.WaitAsync(Limit, Cancel)).ShouldBe(true);
        later.SetResult();
    }

    [Fact]
    public async Task Where_nothing_can_be_sent_nobody_can_tell()
    {
        var away = new RoundTrip(Queue, new MessageSender(_bus, new NowhereEdge()), _time);
        (await away.ReceivesAsync(Cancel).WaitAsync(Limit, Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task It_can_be_given_up()
    {
        using var given = new CancellationTokenSource();
        var asked = Check.ReceivesAsync(given.Token);

        await given.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(asked);
    }
}
