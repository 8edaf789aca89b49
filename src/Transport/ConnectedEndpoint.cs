using MassTransit;
using Microsoft.Extensions.Logging;
using SandQueue.Transport.Reception;

namespace SandQueue.Transport;

/// <summary>
/// A queue this process takes messages from. One that receives nothing though the broker can be used is connected anew:
/// after a broker's restart an endpoint may wait for ever for what will not come, and say nothing. Disposing it stops it;
/// what it has taken is finished first.
/// </summary>
public sealed partial class ConnectedEndpoint : IAsyncDisposable
{
    private readonly string _queue;
    private readonly Func<HostReceiveEndpointHandle> _connect;
    private readonly IReceptionCheck? _check;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _over = new();
    private HostReceiveEndpointHandle _handle;
    private Task _watching = Task.CompletedTask;

    internal ConnectedEndpoint(string queue, Func<HostReceiveEndpointHandle> connect, IReceptionCheck? check, TimeProvider time, ILogger log)
    {
        (_queue, _connect, _check, _time, _log) = (queue, connect, check, time, log);
        Address = new Uri($"exchange:{queue}");
        _handle = connect();
    }

    /// <summary>Its own address with all its options; one composed by hand would declare another queue.</summary>
    public Uri Address { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _watching;
        await StopAsync(CancellationToken.None);
        _over.Dispose();
    }

    /// <summary>Waits until it receives, and sees to it from then on.</summary>
    /// <exception cref="TimeoutException">It does not in time.</exception>
    internal async Task ReadyAsync()
    {
        Address = (await _handle.Ready.WaitAsync(Deadlines.Connect, _time)).InputAddress;
        if (_check is { } check) _watching = Task.Run(() => WatchAsync(check, _over.Token));
    }

    private async Task WatchAsync(IReceptionCheck check, CancellationToken over)
    {
        var (deaf, unknown) = (0, 0);
        using var timer = new PeriodicTimer(Deadlines.Check, _time);
        while (!over.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(over);
                var receives = await check.ReceivesAsync(over);
                deaf = receives is false ? deaf + 1 : 0;
                unknown = receives is null ? unknown + 1 : 0;
                if (unknown == Deadlines.UnknownLooks) Unknown(_queue, unknown);
                if (deaf < Deadlines.DeafLooks) continue;
                Deaf(_queue, deaf);
                deaf = 0;
                await ConnectAnewAsync(over);
            }
            catch (OperationCanceledException) when (over.IsCancellationRequested)
            {
                // Nobody needs it any more.
            }
            catch (Exception exception)
            {
                // Whatever it was, the next look may be better; without one the queue could stay deaf for ever.
                NotSeen(_queue, exception);
            }
        }
    }

    private async Task ConnectAnewAsync(CancellationToken over)
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
            await _handle.Ready.WaitAsync(Deadlines.Connect, _time, over);
            ConnectedAnew(_queue);
        }
        catch (Exception exception) when (!over.IsCancellationRequested)
        {
            NotConnected(_queue, exception.Message);
        }
    }

    private async Task StopAsync(CancellationToken over)
    {
        using var limit = new CancellationTokenSource(Deadlines.Disconnect, _time);
        await _handle.StopAsync(limit.Token).WaitAsync(Deadlines.Disconnect + Deadlines.Disconnect, _time, over);
    }

    [LoggerMessage(LogLevel.Warning, "nothing came through queue {Queue} at {Looks} looks in a row; it is connected anew")]
    private partial void Deaf(string queue, int looks);

    [LoggerMessage(LogLevel.Warning, "whether queue {Queue} receives is unknown since {Looks} looks: the broker is away, or takes no messages")]
    private partial void Unknown(string queue, int looks);

    [LoggerMessage(LogLevel.Information, "queue {Queue} is connected again")]
    private partial void ConnectedAnew(string queue);

    [LoggerMessage(LogLevel.Warning, "the endpoint of queue {Queue} that received nothing could not be stopped: {Reason}")]
    private partial void NotStopped(string queue, string reason);

    [LoggerMessage(LogLevel.Warning, "queue {Queue} could not be connected anew, and is tried again: {Reason}")]
    private partial void NotConnected(string queue, string reason);

    [LoggerMessage(LogLevel.Warning, "whether queue {Queue} receives could not be seen")]
    private partial void NotSeen(string queue, Exception failure);
}
