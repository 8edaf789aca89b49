using MassTransit;
using Microsoft.Extensions.Time.Testing;
using SandQueue.Transport.Brokers;
using SandQueue.Transport.Health;

namespace SandQueue.Transport.Tests.Health;

/// <summary>What a probe finds of an endpoint of a shared queue, in a real bus.</summary>
public sealed class ReadinessProbeTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly IBusControl _bus = Bus.Factory.CreateUsingInMemory(_ => { });

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_receives_from_its_start_to_its_end()
    {
        var readiness = Broker(_ => Task.CompletedTask);
        await _bus.StartAsync(Cancel);
        var endpoint = _bus.ConnectReceiveEndpoint("q", readiness.Attach);
        await endpoint.Ready.WaitAsync(Limit, Cancel);
        (await readiness.ProbeAsync(Cancel)).ShouldBe(ProbeResult.Received);

        await endpoint.StopAsync(Cancel);

        (await readiness.ProbeAsync(Cancel)).ShouldBe(ProbeResult.Missed);
        await _bus.StopAsync(Cancel);
    }

    [Fact]
    public async Task One_that_was_replaced_no_longer_counts()
    {
        var readiness = Broker(_ => Task.CompletedTask);
        await _bus.StartAsync(Cancel);
        var old = _bus.ConnectReceiveEndpoint("old", readiness.Attach);
        await old.Ready.WaitAsync(Limit, Cancel);
        var next = _bus.ConnectReceiveEndpoint("next", readiness.Attach);
        await next.Ready.WaitAsync(Limit, Cancel);

        await old.StopAsync(Cancel);

        (await readiness.ProbeAsync(Cancel)).ShouldBe(ProbeResult.Received);
        await _bus.StopAsync(Cancel);
    }

    [Fact]
    public async Task While_the_broker_is_away_it_is_unreachable()
    {
        var readiness = Broker(_ => Task.FromException(new IOException("no route to host")));
        (await readiness.ProbeAsync(Cancel)).ShouldBe(ProbeResult.Unreachable);
    }

    [Fact]
    public async Task The_broker_is_tried_once_for_all_who_ask_together()
    {
        var (tries, time) = (0, new FakeTimeProvider());
        var probe = new SharedBrokerProbe(_ => Task.FromResult(Interlocked.Increment(ref tries)), time);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => probe.TryAsync(Cancel)));
        tries.ShouldBe(1);

        time.Advance(Deadlines.FailedProbeInterval);
        await probe.TryAsync(Cancel);
        tries.ShouldBe(2);
    }

    [Fact]
    public async Task A_broker_that_does_not_answer_is_unreachable()
    {
        var time = new FakeTimeProvider();
        var asked = new ReadinessProbe(new SharedBrokerProbe(_ => new TaskCompletionSource().Task, time)).ProbeAsync(Cancel);

        time.Advance(Deadlines.BrokerProbe);

        (await asked.WaitAsync(Limit, Cancel)).ShouldBe(ProbeResult.Unreachable);
    }

    private static ReadinessProbe Broker(Func<CancellationToken, Task> probe) => new(new SharedBrokerProbe(probe, TimeProvider.System));
}
