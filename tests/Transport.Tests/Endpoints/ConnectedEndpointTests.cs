using System.Collections.Concurrent;
using MassTransit;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SandQueue.Testing;
using SandQueue.Transport.Brokers;
using SandQueue.Transport.Endpoints;
using SandQueue.Transport.Health;

namespace SandQueue.Transport.Tests.Endpoints;

/// <summary>When a consumer is reconnected, and when that is left to the library that connects it.</summary>
public sealed class ConnectedEndpointTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly Uri Address = new("exchange:q");

    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedProbe _probe = new();
    private readonly ConcurrentQueue<ScriptedHandle> _connected = [];
    private int _found;

    [Fact]
    public async Task One_that_receives_nothing_is_stopped_and_reconnected()
    {
        await using var endpoint = await ConnectAsync(Working);

        await FindAsync(Deadlines.MissedProbes - 1, ProbeResult.Missed);
        _connected.Count.ShouldBe(1);
        await FindAsync(1, ProbeResult.Missed);

        _connected.Count.ShouldBe(2);
        _connected.First().Stopped.ShouldBe(1);
        endpoint.Address.ShouldBe(Address);
    }

    [Fact]
    public async Task One_that_cannot_be_stopped_is_reconnected_all_the_same()
    {
        await using var endpoint = await ConnectAsync(() =>
            new ScriptedHandle(ScriptedHandle.Receiving, _connected.IsEmpty ? _ => new TaskCompletionSource().Task : _ => Task.CompletedTask));

        await FindAsync(Deadlines.MissedProbes, ProbeResult.Missed);

        _connected.Count.ShouldBe(2);
        _connected.First().Stopped.ShouldBe(1);
    }

    [Fact]
    public async Task One_whose_stop_fails_is_reconnected()
    {
        var failing = new ScriptedHandle(ScriptedHandle.Receiving, _ => Task.FromException(new InvalidOperationException("already closed")));
        await using var endpoint = await ConnectAsync(() => _connected.IsEmpty ? failing : Working());

        await FindAsync(Deadlines.MissedProbes, ProbeResult.Missed);

        _connected.Count.ShouldBe(2);
    }

    [Fact]
    public async Task One_that_does_not_come_back_is_tried_again()
    {
        var tries = 0;
        await using var endpoint = await ConnectAsync(() => ++tries switch
        {
            2 => throw new ConfigurationException("the name is taken"),
            3 => Stuck(),
            _ => Working(),
        });

        await FindAsync(3 * Deadlines.MissedProbes, ProbeResult.Missed);

        tries.ShouldBe(4);
    }

    [Fact]
    public async Task Nothing_is_done_where_it_receives()
    {
        await using var endpoint = await ConnectAsync(Working);
        await FindAsync(4 * Deadlines.MissedProbes, ProbeResult.Received);
        _connected.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Nothing_is_done_where_the_broker_is_unreachable()
    {
        await using var endpoint = await ConnectAsync(Working);
        await FindAsync(4 * Deadlines.MissedProbes, ProbeResult.Unreachable);
        _connected.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Missed_probes_count_from_when_it_last_received_or_the_broker_was_unreachable()
    {
        await using var endpoint = await ConnectAsync(Working);
        foreach (var between in (ProbeResult[])[ProbeResult.Received, ProbeResult.Unreachable, ProbeResult.Received])
        {
            await FindAsync(Deadlines.MissedProbes - 1, ProbeResult.Missed);
            await FindAsync(1, between);
        }

        _connected.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_probe_that_fails_is_not_the_last()
    {
        await using var endpoint = await ConnectAsync(Working);

        await FindAsync(2, () => throw new InvalidOperationException("unexpected"));
        await FindAsync(Deadlines.MissedProbes, () => ProbeResult.Missed);

        _connected.Count.ShouldBe(2);
    }

    [Fact]
    public async Task After_a_failed_probe_it_is_probed_more_often_until_it_receives()
    {
        await using var endpoint = await ConnectAsync(Working);

        await FindAsync(1, ProbeResult.Missed);
        (await IntervalAsync(ProbeResult.Unreachable)).ShouldBeLessThan(Deadlines.ProbeInterval);
        (await IntervalAsync(ProbeResult.Missed)).ShouldBeLessThan(Deadlines.ProbeInterval);
        (await IntervalAsync(ProbeResult.Received)).ShouldBeGreaterThanOrEqualTo(Deadlines.ProbeInterval);
    }

    [Fact]
    public async Task It_ends_while_it_is_reconnected()
    {
        var endpoint = await ConnectAsync(() => _connected.IsEmpty ? Working() : Stuck());
        for (var probe = 0; probe < Deadlines.MissedProbes; probe++)
        {
            await StartedAsync();
            Find(() => ProbeResult.Missed);
        }

        await Until.TrueAsync("it is reconnected", () => Task.FromResult(_connected.Count == 2), Limit);
        await endpoint.DisposeAsync().AsTask().WaitAsync(Limit, TestContext.Current.CancellationToken);

        _connected.ShouldAllBe(handle => handle.Stopped == 1);
    }

    [Fact]
    public async Task After_its_end_nothing_is_probed()
    {
        var endpoint = await ConnectAsync(Working);
        await endpoint.DisposeAsync();
        var started = _probe.Started;

        for (var probes = 0; probes < 4 * Deadlines.MissedProbes; probes++) _time.Advance(Deadlines.ProbeInterval);

        _probe.Started.ShouldBe(started);
        _connected.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_own_queue_is_ready_once_a_message_came_through_it()
    {
        var health = new ConsumerHealth(_time);
        await using var endpoint = new ConnectedEndpoint("q", Address, Working, _probe, health.NewQueue(), _time, NullLogger.Instance);
        var ready = endpoint.ReadyAsync(TestContext.Current.CancellationToken);

        await FindAsync(1, ProbeResult.Missed);
        await FindAsync(1, ProbeResult.Unreachable);
        ready.IsCompleted.ShouldBeFalse("nothing came through it");
        Find(() => ProbeResult.Received);

        await ready.WaitAsync(Limit, TestContext.Current.CancellationToken);
        health.SinceReceived.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task An_own_queue_that_no_message_comes_through_is_given_up()
    {
        await using var endpoint = new ConnectedEndpoint("q", Address, Working, _probe, new ConsumerHealth(_time).NewQueue(), _time, NullLogger.Instance);
        var ready = endpoint.ReadyAsync(TestContext.Current.CancellationToken);

        await Until.TrueAsync("it is given up", () =>
        {
            _probe.Find(() => ProbeResult.Unreachable);
            _time.Advance(Deadlines.FailedProbeInterval);
            return Task.FromResult(ready.IsCompleted);
        }, Limit);

        (await Should.ThrowAsync<TimeoutException>(ready)).Message.ShouldBe("queue q is consumed, and no message comes through it");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_wait_that_its_caller_gives_up_ends_at_once(bool connects)
    {
        using var given = new CancellationTokenSource();
        await using var endpoint = new ConnectedEndpoint("q", Address, connects ? Working : Stuck, _probe, new ConsumerHealth(_time).NewQueue(), _time, NullLogger.Instance);
        var ready = endpoint.ReadyAsync(given.Token);
        await Until.TrueAsync("it waits", () => !connects || _probe.Started == 1, Limit);

        await given.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(ready.WaitAsync(Limit, TestContext.Current.CancellationToken));
    }

    private static ScriptedHandle Working() => new(ScriptedHandle.Receiving, _ => Task.CompletedTask);

    private static ScriptedHandle Stuck() => new(new TaskCompletionSource<ReceiveEndpointReady>().Task, _ => Task.CompletedTask);

    private async Task<ConnectedEndpoint> ConnectAsync(Func<ScriptedHandle> connect)
    {
        var endpoint = new ConnectedEndpoint("q", Address, Connect, _probe, own: null, _time, NullLogger.Instance);
        await endpoint.ReadyAsync(TestContext.Current.CancellationToken);
        return endpoint;

        HostReceiveEndpointHandle Connect()
        {
            var handle = connect();
            _connected.Enqueue(handle);
            return handle;
        }
    }

    private Task FindAsync(int count, ProbeResult result) => FindAsync(count, () => result);

    /// <summary>Lets so many probes find this, and what follows from it happen.</summary>
    private async Task FindAsync(int count, Func<ProbeResult> result)
    {
        for (var probe = 0; probe < count; probe++)
        {
            await StartedAsync();
            Find(result);
        }

        await StartedAsync();
    }

    private void Find(Func<ProbeResult> result)
    {
        _found++;
        _probe.Find(result);
    }

    /// <summary>Lets time pass until the next probe has started; it then waits for what it is to find.</summary>
    private Task StartedAsync() => Until.TrueAsync("the next probe starts", () =>
    {
        if (_probe.Started <= _found) _time.Advance(Deadlines.FailedProbeInterval);
        return Task.FromResult(_probe.Started > _found);
    }, Limit);

    /// <summary>How much time passes from a probe that finds this to the next.</summary>
    private async Task<TimeSpan> IntervalAsync(ProbeResult result)
    {
        // The ticks of the time that passed while the test waited for the last probe are over with one more.
        await FindAsync(1, result);
        var since = _time.GetTimestamp();
        await FindAsync(1, result);
        return _time.GetElapsedTime(since);
    }
}
