using System.Collections.Concurrent;
using MassTransit;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SandQueue.Testing;

namespace SandQueue.Transport.Tests.Reception;

/// <summary>When a queue is connected anew, and when it is left to the library that connects it.</summary>
public sealed class ConnectedEndpointTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedCheck _check = new();
    private readonly ConcurrentQueue<ScriptedHandle> _connected = [];

    [Fact]
    public async Task One_that_receives_nothing_is_stopped_and_connected_anew()
    {
        await using var endpoint = await ConnectAsync(Well);
        _check.Receives = false;

        await ChecksAsync(Deadlines.DeafLooks);

        await ConnectedAsync(2);
        _connected.First().Stopped.ShouldBe(1);
        endpoint.Address.ShouldBe((await ScriptedHandle.Receiving).InputAddress);
    }

    [Fact]
    public async Task One_that_cannot_be_stopped_is_connected_anew_all_the_same()
    {
        var first = true;
        await using var endpoint = await ConnectAsync(() =>
        {
            var stuck = first;
            first = false;
            return new ScriptedHandle(ScriptedHandle.Receiving, stuck ? _ => new TaskCompletionSource().Task : _ => Task.CompletedTask);
        });
        _check.Receives = false;

        await ChecksAsync(Deadlines.DeafLooks);
        await Until.TrueAsync("it is stopped", () => Task.FromResult(_connected.First().Stopped == 1), Limit);

        await Until.TrueAsync("it is given up", () =>
        {
            _time.Advance(Deadlines.Disconnect);
            return Task.FromResult(_connected.Count >= 2);
        }, Limit);
    }

    [Fact]
    public async Task One_whose_stop_fails_is_connected_anew_at_once()
    {
        var failing = new ScriptedHandle(ScriptedHandle.Receiving, _ => Task.FromException(new InvalidOperationException("already closed")));
        var endpoint = await ConnectAsync(() => _connected.IsEmpty ? failing : Well());
        _check.Receives = false;

        await ChecksAsync(Deadlines.DeafLooks);

        await ConnectedAsync(2);
        await endpoint.DisposeAsync();
    }

    [Fact]
    public async Task One_that_does_not_come_back_is_tried_again()
    {
        var tries = 0;
        await using var endpoint = await ConnectAsync(() => ++tries switch
        {
            2 => throw new ConfigurationException("the name is taken"),
            3 => new ScriptedHandle(new TaskCompletionSource<ReceiveEndpointReady>().Task, _ => Task.CompletedTask),
            _ => Well(),
        });
        _check.Receives = false;

        await Until.TrueAsync("a fourth try", () =>
        {
            _time.Advance(Deadlines.Check);
            return Task.FromResult(tries >= 4);
        }, Limit);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(null)]
    public async Task Nothing_is_done_where_it_receives_or_the_broker_is_away(bool? receives)
    {
        await using var endpoint = await ConnectAsync(Well);
        _check.Receives = receives;

        await ChecksAsync(4 * Deadlines.DeafLooks);

        _connected.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(null)]
    public async Task Looks_count_from_when_it_was_last_well_or_the_broker_away(bool? between)
    {
        await using var endpoint = await ConnectAsync(Well);
        for (var times = 0; times < 4; times++)
        {
            _check.Receives = false;
            await ChecksAsync(Deadlines.DeafLooks - 1);
            _check.Receives = between;
            await ChecksAsync(1);
        }

        _connected.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_look_that_fails_is_not_the_last()
    {
        await using var endpoint = await ConnectAsync(Well);
        _check.Failure = new InvalidOperationException("unexpected");
        await ChecksAsync(2);

        (_check.Failure, _check.Receives) = (null, false);
        await ChecksAsync(Deadlines.DeafLooks);

        await ConnectedAsync(2);
    }

    [Fact]
    public async Task It_ends_while_it_is_connected_anew()
    {
        var endpoint = await ConnectAsync(() => _connected.IsEmpty ? Well() : new ScriptedHandle(new TaskCompletionSource<ReceiveEndpointReady>().Task, _ => Task.CompletedTask));
        _check.Receives = false;
        await ChecksAsync(Deadlines.DeafLooks);
        await ConnectedAsync(2);

        await endpoint.DisposeAsync().AsTask().WaitAsync(Limit, TestContext.Current.CancellationToken);

        _connected.ShouldAllBe(handle => handle.Stopped == 1);
    }

    [Fact]
    public async Task After_its_end_nothing_is_connected()
    {
        var endpoint = await ConnectAsync(Well);
        await endpoint.DisposeAsync();
        _check.Receives = false;
        var asked = _check.Asked;

        for (var checks = 0; checks < 4 * Deadlines.DeafLooks; checks++) _time.Advance(Deadlines.Check);

        _check.Asked.ShouldBe(asked);
        _connected.Count.ShouldBe(1);
    }

    private static ScriptedHandle Well() => new(ScriptedHandle.Receiving, _ => Task.CompletedTask);

    private async Task<ConnectedEndpoint> ConnectAsync(Func<ScriptedHandle> connect)
    {
        var endpoint = new ConnectedEndpoint("q", Connect, _check, _time, NullLogger.Instance);
        await endpoint.ReadyAsync();

        // From the first look on its timer runs, and a look more comes of each time that passes.
        await Until.TrueAsync("it is looked", () =>
        {
            if (_check.Asked == 0) _time.Advance(Deadlines.Check);
            return Task.FromResult(_check.Asked > 0);
        }, Limit);
        return endpoint;

        HostReceiveEndpointHandle Connect()
        {
            var handle = connect();
            _connected.Enqueue(handle);
            return handle;
        }
    }

    /// <summary>Lets time pass until it was looked so often.</summary>
    private async Task ChecksAsync(int count)
    {
        for (var check = 0; check < count; check++)
        {
            var asked = _check.Asked;
            _time.Advance(Deadlines.Check);
            await Until.TrueAsync("it is looked", () => Task.FromResult(_check.Asked > asked), Limit);
        }
    }

    private Task ConnectedAsync(int times) => Until.TrueAsync($"it is connected {times} times", () => Task.FromResult(_connected.Count == times), Limit);
}
