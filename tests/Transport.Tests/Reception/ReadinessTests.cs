using MassTransit;
using Microsoft.Extensions.Time.Testing;
using SandQueue.Transport.Reception;

namespace SandQueue.Transport.Tests.Reception;

/// <summary>What is believed of an endpoint of a shared queue, in a real bus.</summary>
public sealed class ReadinessTests
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
        (await readiness.ReceivesAsync(Cancel)).ShouldBe(true);

        await endpoint.StopAsync(Cancel);

        (await readiness.ReceivesAsync(Cancel)).ShouldBe(false);
        await _bus.StopAsync(Cancel);
    }

    [Fact]
    public async Task Of_one_that_is_replaced_nothing_is_heard_any_more()
    {
        var readiness = Broker(_ => Task.CompletedTask);
        await _bus.StartAsync(Cancel);
        var old = _bus.ConnectReceiveEndpoint("old", readiness.Attach);
        await old.Ready.WaitAsync(Limit, Cancel);
        var next = _bus.ConnectReceiveEndpoint("next", readiness.Attach);
        await next.Ready.WaitAsync(Limit, Cancel);

        await old.StopAsync(Cancel);

        (await readiness.ReceivesAsync(Cancel)).ShouldBe(true);
        await _bus.StopAsync(Cancel);
    }

    [Fact]
    public async Task While_the_broker_is_away_nobody_can_tell()
    {
        var readiness = Broker(_ => Task.FromException(new IOException("no route to host")));
        (await readiness.ReceivesAsync(Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task The_broker_is_tried_once_for_all_who_ask_together()
    {
        var (tries, time) = (0, new FakeTimeProvider());
        var probe = new SharedProbe(_ => Task.FromResult(Interlocked.Increment(ref tries)), time);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => probe.TryAsync(Cancel)));
        tries.ShouldBe(1);

        time.Advance(Deadlines.Check);
        await probe.TryAsync(Cancel);
        tries.ShouldBe(2);
    }

    [Fact]
    public async Task A_broker_that_does_not_answer_is_away()
    {
        var time = new FakeTimeProvider();
        var asked = new Readiness(new SharedProbe(_ => new TaskCompletionSource().Task, time)).ReceivesAsync(Cancel);

        time.Advance(Deadlines.Send);

        (await asked.WaitAsync(Limit, Cancel)).ShouldBeNull();
    }

    private static Readiness Broker(Func<CancellationToken, Task> probe) => new(new SharedProbe(probe, TimeProvider.System));
}
