using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;
using SandQueue.Hosting.Settings;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;
using SandQueue.Workers.Protocols.Http;

namespace SandQueue.Workers.Protocols.OpenEnv;

/// <summary>
/// One WebSocket connection, which is one instance of the environment. The protocol has no ids to tell answers apart, so
/// there is one request at a time, and a request that was given up ends the session.
/// </summary>
internal sealed class OpenEnvSession : IAsyncDisposable
{
    private const int LargestKept = 1 << 20;

    private const string Unasked = "the server sent a frame that nobody asked for";

    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly IContainer _container;
    private readonly long _mostBytes;
    private readonly TimeProvider _time;
    private readonly ContainerCall _call;
    private Task _reading = Task.CompletedTask;
    private TaskCompletionSource<byte[]>? _asked;
    private byte[]? _unasked;
    private Exception? _lost;

    private OpenEnvSession(IContainer container, long mostBytes, TimeProvider time) =>
        (_container, _mostBytes, _time, _call) = (container, mostBytes, time, new ContainerCall(time));

    /// <exception cref="EnvironmentFailedException">The server does not take the connection.</exception>
    public static async Task<OpenEnvSession> ConnectAsync(IContainer container, long mostBytes, TimeProvider time, CancellationToken cancellationToken)
    {
        var session = new OpenEnvSession(container, mostBytes, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, container.Exited);
        try
        {
            var address = new UriBuilder(container.Http.BaseAddress!) { Scheme = Uri.UriSchemeWs, Path = "/ws" }.Uri;
            await session._socket.ConnectAsync(address, container.Http, limit.Token);
        }
        catch (Exception exception) when (exception is WebSocketException or HttpRequestException or IOException or ObjectDisposedException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            session._socket.Dispose();
            throw await session._call.FailureAsync(container, exception);
        }
        catch
        {
            session._socket.Dispose();
            throw;
        }

        session._reading = session.ReadAsync();
        return session;
    }

    /// <summary>Sends a request and waits for its answer.</summary>
    /// <param name="type">The request's type.</param>
    /// <param name="data">Writes its data, or null where it has none.</param>
    /// <param name="cancellationToken">Ends the session, for what the request did is unknown then.</param>
    /// <returns>The answer's <c>data</c>.</returns>
    /// <exception cref="OpenEnvErrorException">The server answered an error, whether or not it keeps the session.</exception>
    /// <exception cref="EnvironmentFailedException">The session is lost.</exception>
    public async Task<JsonElement> AskAsync(string type, Action<Utf8JsonWriter>? data, CancellationToken cancellationToken)
    {
        var frame = AnswerJson.Write(256, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("type", type);
            if (data is not null)
            {
                writer.WritePropertyName("data");
                data(writer);
            }

            writer.WriteEndObject();
        });

        await using var exited = _container.Exited.UnsafeRegister(_ => Lose(new IOException("the container exited")), null);
        try
        {
            var unasked = TakeUnasked();
            if (unasked is not null) return ReadUnasked(unasked);
            var answer = Begin();
            await SendAsync(frame, cancellationToken);
            return Read(await answer.WaitAsync(cancellationToken));
        }
        catch (OperationCanceledException)
        {
            Lose(new IOException("a request was given up before its answer came"));
            throw;
        }
        catch (IOException exception)
        {
            throw await _call.FailureAsync(_container, exception);
        }
        catch (EnvironmentFailedException exception)
        {
            Lose(new IOException(exception.Message));
            throw;
        }
        catch (OpenEnvErrorException exception) when (!exception.KeepsSession)
        {
            Lose(new IOException($"the server ended the session: {exception.Code}, {exception.Message}"));
            throw;
        }
    }

    /// <summary>Ends the instance: by a request of the protocol's where the session is well, and by closing the connection anyhow.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_ending.IsCancellationRequested) return;
        using var limit = new CancellationTokenSource(CloseLimit, _time);
        try
        {
            if (_lost is null && _socket.State == WebSocketState.Open)
            {
                await _socket.SendAsync("""{"type":"close"}"""u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, limit.Token);
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);

                // The reader ends when the server has closed its side: from then on the slot in the container is free.
                await _reading.WaitAsync(limit.Token);
            }
        }
        catch (Exception exception) when (exception is WebSocketException or IOException or InvalidOperationException or OperationCanceledException)
        {
            // It was closed on the other side, or does not answer: cutting the connection ends the instance as well.
        }

        await _ending.CancelAsync();
        _socket.Abort();
        await _reading;
        _socket.Dispose();
        _ending.Dispose();
    }

    private byte[]? TakeUnasked()
    {
        lock (_lock)
        {
            var frame = _unasked;
            _unasked = null;
            return frame;
        }
    }

    private Task<byte[]> Begin()
    {
        lock (_lock)
        {
            if (_lost is not null) throw new IOException($"the session is lost: {_lost.Message}");
            _asked = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
            return _asked.Task;
        }
    }

    private async Task SendAsync(byte[] frame, CancellationToken cancellationToken)
    {
        try
        {
            await _socket.SendAsync(frame, WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
        }
        catch (Exception exception) when (exception is WebSocketException or IOException or InvalidOperationException or ObjectDisposedException)
        {
            // The reader knows better: it still finds an error frame that the server sent before it closed, or loses the session.
        }
    }

    /// <summary>
    /// Reads for as long as the connection lives, asked or not: only a socket that is being read answers pings, and servers
    /// cut those that answer none.
    /// </summary>
    private async Task ReadAsync()
    {
        var frame = new ArrayBufferWriter<byte>(4096);
        try
        {
            while (true)
            {
                var received = await _socket.ReceiveAsync(frame.GetMemory(4096), _ending.Token);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    Lose(new IOException($"the server closed the session ({_socket.CloseStatus}, {_socket.CloseStatusDescription})"));
                    return;
                }

                frame.Advance(received.Count);
                if (frame.WrittenCount > _mostBytes) throw new IOException($"a frame is larger than {_mostBytes} bytes (MaxAnswerMb)");
                if (!received.EndOfMessage) continue;
                Deliver(frame.WrittenSpan.ToArray());

                // A session lives for long: it keeps no memory for the size of one frame.
                if (frame.Capacity > LargestKept) frame = new ArrayBufferWriter<byte>(4096);
                else frame.ResetWrittenCount();
            }
        }
        catch (Exception exception) when (exception is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            Lose(exception);
        }
    }

    private void Deliver(byte[] frame)
    {
        lock (_lock)
        {
            if (_asked?.TrySetResult(frame) == true) return;
            if (_unasked is null) _unasked = frame;
            else Lose(new IOException(Unasked));
        }
    }

    private void Lose(Exception why)
    {
        lock (_lock)
        {
            _lost ??= why;
            _asked?.TrySetException(why as IOException ?? new IOException(why.Message, why));
        }

        if (_socket.State is WebSocketState.Open or WebSocketState.CloseSent) _socket.Abort();
    }

    /// <summary>
    /// An error that came unasked is the answer: a server that is full says so before anything was asked, and closes. Anything else would
    /// make every later answer that of the request before.
    /// </summary>
    private static JsonElement ReadUnasked(byte[] frame)
    {
        try
        {
            Read(frame);
        }
        catch (OpenEnvErrorException exception) when (exception.KeepsSession)
        {
            // It refuses what was not sent.
        }

        throw new EnvironmentFailedException($"the environment's session is lost: {Unasked}");
    }

    private static JsonElement Read(byte[] frame) => AnswerJson.Read(frame, answer =>
    {
        var type = AnswerJson.Required(answer, "type", JsonValueKind.String).GetString();
        var data = AnswerJson.Required(answer, "data", JsonValueKind.Object);
        if (type != "error") return data.Clone();

        var message = data.TryGetProperty("message", out var given) && given.ValueKind == JsonValueKind.String ? JsonText.Read(given) : "no message";
        throw new OpenEnvErrorException(data.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.String ? code.GetString()! : "", message);
    });
}
