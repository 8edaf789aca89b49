using System.Net.WebSockets;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.OpenEnv.Answers;
using SandQueue.Gateway.OpenEnv.Sessions;

namespace SandQueue.Gateway.OpenEnv.Sockets;

/// <summary>
/// Serves one connection: a request is read when the one before is answered, and one more is read ahead, so that a client that closes is noticed while its request waits. More than that
/// stays with the client: a flood of requests fills no memory here.
/// </summary>
/// <param name="socket">The connection.</param>
/// <param name="session">What it asks.</param>
/// <param name="limits">What it may take.</param>
/// <param name="body">What a request may be.</param>
/// <param name="time">The clock.</param>
/// <param name="isLetIn">Whether its key is still good: a connection lives for hours.</param>
internal sealed class OpenEnvSocket(WebSocket socket, OpenEnvSession session, SocketLimits limits, BodyLimit body, TimeProvider time, Func<CancellationToken, ValueTask<bool>> isLetIn)
{
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(10);

    private readonly FrameReader _reader = new(socket, body, time);
    private Task<Frame> _reading = Task.FromResult(default(Frame));

    /// <summary>Ends when the connection does, and what ends with it has.</summary>
    /// <param name="aborted">Nobody waits for answers any more.</param>
    /// <param name="stopping">The gateway takes no more requests.</param>
    /// <param name="over">The gateway waits no longer for what runs.</param>
    public async Task RunAsync(CancellationToken aborted, CancellationToken stopping, CancellationToken over)
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        _reading = ReadAsync(gone);
        var (status, why) = (WebSocketCloseStatus.NormalClosure, "");
        try
        {
            (status, why) = await ServeAsync(gone, stopping);
        }
        catch (Exception exception) when (exception is WebSocketException or IOException or OperationCanceledException)
        {
            // The client is gone, or waits no longer.
        }

        await EndAsync(over);
        await CloseAsync(status, why, aborted);
        socket.Abort();
    }

    private async Task<(WebSocketCloseStatus Status, string Why)> ServeAsync(CancellationTokenSource gone, CancellationToken stopping)
    {
        while (true)
        {
            Frame frame;
            try
            {
                frame = await _reading.WaitAsync(limits.Idle, time, stopping);
            }
            catch (TimeoutException)
            {
                return (WebSocketCloseStatus.PolicyViolation, $"nothing was asked for {limits.Idle.TotalSeconds:0} s (Gateway:OpenEnvIdle)");
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return (WebSocketCloseStatus.EndpointUnavailable, "SandQueue is stopping");
            }

            if (frame.Problem is { } problem) await SendAsync(OpenEnvFrame.Error(new OpenEnvException(OpenEnvCode.Validation, problem)), gone.Token);
            if (frame.Close is { } close) return (close, frame.Problem ?? "");
            _reading = ReadAsync(gone);
            if (frame.Bytes is not { } request) continue;
            if (!await isLetIn(gone.Token))
            {
                await SendAsync(OpenEnvFrame.Error(new OpenEnvException(OpenEnvCode.Session, "the API key of this connection is not let in any more")), gone.Token);
                return (WebSocketCloseStatus.PolicyViolation, "the API key is not let in any more");
            }

            if (await session.AnswerAsync(request, gone.Token) is { } answer) await SendAsync(answer, gone.Token);
            if (session.IsClosed) return (WebSocketCloseStatus.NormalClosure, "");
        }
    }

    /// <summary>Whoever waits for an answer learns at once that nobody does.</summary>
    private async Task<Frame> ReadAsync(CancellationTokenSource gone)
    {
        var frame = await _reader.ReadAsync();
        if (frame is { Close: not null, Problem: null }) await CancelAsync(gone);
        return frame;
    }

    private static async Task CancelAsync(CancellationTokenSource gone)
    {
        try
        {
            await gone.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // The connection has ended already.
        }
    }

    /// <summary>A client that takes nothing must not hold its answers for ever.</summary>
    private async Task SendAsync(byte[] frame, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(body.Time, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        await socket.SendAsync(frame, WebSocketMessageType.Text, endOfMessage: true, limit.Token);
    }

    private async Task EndAsync(CancellationToken over)
    {
        using var late = new CancellationTokenSource(EndLimit, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(over, late.Token);
        try
        {
            await session.EndAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // The sweep releases it as idle.
        }
    }

    /// <summary>The other end closes too, and has read what was sent by then; cut before that, it may not have.</summary>
    private async Task CloseAsync(WebSocketCloseStatus status, string why, CancellationToken aborted)
    {
        using var late = new CancellationTokenSource(CloseLimit, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(aborted, late.Token);
        try
        {
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived) await socket.CloseOutputAsync(status, why, limit.Token);
            if (socket.State != WebSocketState.Closed) await (_reading.IsCompleted ? Task.Delay(Timeout.InfiniteTimeSpan, time, limit.Token) : _reading.WaitAsync(limit.Token));
        }
        catch (Exception exception) when (exception is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Closed at the other end, or not in time.
        }
    }
}
