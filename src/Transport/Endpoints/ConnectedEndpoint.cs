using MassTransit;
using Microsoft.Extensions.Logging;
using SandQueue.Transport.Brokers;
using SandQueue.Transport.Health;

namespace SandQueue.Transport.Endpoints;

/// <summary>
/// A queue this process consumes. A stalled consumer, which receives nothing though the broker can be used, is reconnected:
/// after a broker's restart an endpoint may wait for ever for what will not come, and say nothing. Disposing it stops it;
/// what it has taken is finished first.
/// </summary>
public sealed partial class ConnectedEndpoint : IAsyncDisposable
{
    private readonly string _queue;
    private readonly Func<HostReceiveEndpointHandle> _connect;
    private readonly IConsumerProbe? _probe;
    private readonly OwnQueue? _own;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _over = new();
    private HostReceiveEndpointHandle _handle;
    private Task _watching = Task.CompletedTask;
    private int _isOver;

    internal ConnectedEndpoint(
        string queue, Uri address, Func<HostReceiveEndpointHandle> connect, IConsumerProbe? probe, OwnQueue? own, TimeProvider time, ILogger log)
    {
        (_queue, _connect, _probe, _own, _time, _log) = (queue, connect, probe, own, time, log);
        Address = address;
        _handle = connect();
    }

    /// <summary>Where messages for it go; of an own queue, the reply address of this process.</summary>
    public Uri Address { get; }

    /// <summary>Called before it stops.</summary>
    internal Action Ending { get; set; } = () => { };

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isOver, 1) != 0) return;
        Ending();
        await _over.CancelAsync();
        await _watching;
        _own?.Dispose();
        await StopAsync(CancellationToken.None);
        _over.Dispose();
    }

    /// <summary>
    /// Waits until it receives, and watches it from then on. An own queue receives once a message to it came: the broker may let a process
    /// consume, and take no messages from it.
    /// </summary>
    /// <param name="cancellationToken">Gives the wait up, as a program does that is stopped meanwhile.</param>
    /// <exception cref="TimeoutException">It does not in time.</exception>
    internal async Task ReadyAsync(CancellationToken cancellationToken)
    {
        var began = _time.GetTimestamp();
        await _handle.Ready.WaitAsync(Deadlines.Connect, _time, cancellationToken);
        if (_probe is null) return;
        if (_own is not null)
        {
            await ReceivesAsync(_probe, began, cancellationToken);
            _own.Ready();
        }

        _watching = Task.Run(() => WatchAsync(_probe, _over.Token), CancellationToken.None);
    }

    private async Task ReceivesAsync(IConsumerProbe probe, long began, CancellationToken cancellationToken)
    {
        while (await probe.ProbeAsync(cancellationToken) != ProbeResult.Received)
        {
            if (_time.GetElapsedTime(began) >= Deadlines.Connect) throw new TimeoutException($"queue {_queue} is consumed, and no message comes through it");
            await Task.Delay(Deadlines.FailedProbeInterval, _time, cancellationToken);
        }
    }

    private async Task WatchAsync(IConsumerProbe probe, CancellationToken over)
    {
        var (missed, unreachable) = (0, 0);
        using var timer = new PeriodicTimer(Deadlines.ProbeInterval, _time);
        while (!over.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(over);
                var result = await probe.ProbeAsync(over);
                missed = result == ProbeResult.Missed ? missed + 1 : 0;
                unreachable = result == ProbeResult.Unreachable ? unreachable + 1 : 0;
                if (unreachable == Deadlines.UnreachableProbes) Unreachable(_queue, unreachable);
                if (missed == Deadlines.MissedProbes)
                {
                    Stalled(_queue, missed);
                    missed = 0;
                    await ReconnectAsync(over);
                }

                var interval = result == ProbeResult.Received ? Deadlines.ProbeInterval : Deadlines.FailedProbeInterval;
                if (timer.Period != interval) timer.Period = interval;
            }
            catch (OperationCanceledException) when (over.IsCancellationRequested)
            {
                // Nobody needs it any more.
            }
            catch (Exception exception)
            {
                // Whatever it was, the next probe may work; without one the consumer could stay stalled for ever.
                NotProbed(_queue, exception);
            }
        }
    }

    private async Task ReconnectAsync(CancellationToken over)
    {
        try
        {
            await StopAsync(over);
        }
        catch (Exception exception) when (!over.IsCancellationRequested)
        {
            // It is no longer the bus's endpoint of that name, whether it ends or not.
            NotStopped(_queue, exception.Message);
        }

        over.ThrowIfCancellationRequested();
        try
        {
            _handle = _connect();
            await _handle.Ready.WaitAsync(Deadlines.Reconnect, _time, over);
            Reconnected(_queue);
        }
        catch (Exception exception) when (!over.IsCancellationRequested)
        {
            NotReconnected(_queue, exception.Message);
        }
    }

    private async Task StopAsync(CancellationToken over)
    {
        using var limit = new CancellationTokenSource(Deadlines.Disconnect, _time);
        await _handle.StopAsync(limit.Token).WaitAsync(Deadlines.Disconnect + Deadlines.Disconnect, _time, over);
    }

    [LoggerMessage(LogLevel.Warning, "the consumer of queue {Queue} is stalled: {Probes} probes in a row were missed; it is reconnected")]
    private partial void Stalled(string queue, int probes);

    [LoggerMessage(LogLevel.Warning, "the broker is unreachable, or takes no messages: {Probes} probes of queue {Queue} in a row could not be sent")]
    private partial void Unreachable(string queue, int probes);

    [LoggerMessage(LogLevel.Information, "the consumer of queue {Queue} is reconnected")]
    private partial void Reconnected(string queue);

    [LoggerMessage(LogLevel.Warning, "the stalled consumer of queue {Queue} could not be stopped: {Reason}")]
    private partial void NotStopped(string queue, string reason);

    [LoggerMessage(LogLevel.Warning, "the consumer of queue {Queue} could not be reconnected, which is tried again: {Reason}")]
    private partial void NotReconnected(string queue, string reason);

    [LoggerMessage(LogLevel.Warning, "the consumer of queue {Queue} could not be probed")]
    private partial void NotProbed(string queue, Exception failure);
}
