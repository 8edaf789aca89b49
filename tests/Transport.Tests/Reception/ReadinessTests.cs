using MassTransit;
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
        var readiness = new Readiness(_ => Task.CompletedTask);
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
        var readiness = new Readiness(_ => Task.CompletedTask);
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
        var readiness = new Readiness(_ => Task.FromException(new IOException("no route to host")));
        (await readiness.ReceivesAsync(Cancel)).ShouldBeNull();
    }
}
