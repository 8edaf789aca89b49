using System.Collections.Concurrent;

namespace SandQueue.Frames;

/// <summary>The server's side of one connection.</summary>
public sealed class FrameServer
{
    /// <summary>How long a caller may take for what both sides send first.</summary>
    internal static readonly TimeSpan PrefaceLimit = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<uint, ServedCall> _calls = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly FrameConnection _connection;
    private readonly FrameHandler _handler;

    /// <summary>What has come of long requests. Only the reader of the connection looks at it.</summary>
    private readonly Dictionary<uint, BodyParts> _parts = [];
    private readonly int _mostRequest;
    private readonly int _mostAnswer;
    private int _running;

    private FrameServer(Stream stream, FrameHandler handler, int mostRequest, int mostAnswer)
    {
        (_handler, _mostRequest, _mostAnswer) = (handler, mostRequest, mostAnswer);
        _connection = new FrameConnection(stream, mostRequest, Take, Closed);
    }

    /// <summary>Serves a connection until either side closes it. Calls that are under way then are given up.</summary>
    /// <param name="stream">The connection, of which nothing was read. It is disposed.</param>
    /// <param name="handler">Answers the calls.</param>
    /// <param name="mostBytes">The largest request; a larger one ends the connection.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Closes the connection.</param>
    public static async Task ServeAsync(Stream stream, FrameHandler handler, int mostBytes, TimeProvider time, CancellationToken cancellationToken)
    {
        await using (stream.ConfigureAwait(false))
        {
            var preface = new byte[Preface.CallerBytes];
            try
            {
                using (var late = new CancellationTokenSource(PrefaceLimit, time))
                {
                    using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
                    await stream.ReadExactlyAsync(preface, either.Token).ConfigureAwait(false);
                }

                if (Preface.Read(preface) is not { } mostAnswer) return;
                await stream.WriteAsync(Preface.Name.ToArray(), cancellationToken).ConfigureAwait(false);
                var server = new FrameServer(stream, handler, mostBytes, mostAnswer);
                await using var given = cancellationToken.UnsafeRegister(
                    static connection => ((FrameConnection)connection!).Close(new IOException("the server ends")), server._connection).ConfigureAwait(false);
                server._connection.Start();
                await server._ended.Task.ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
            {
                // The caller has hung up, or took too long to say what it is, or the server ends.
            }
        }
    }

    internal async ValueTask RunAsync(ServedCall call)
    {
        var (status, answer) = (Status.Failed, default(ReadOnlyMemory<byte>));
        try
        {
            var written = new System.Buffers.ArrayBufferWriter<byte>(1024);
            status = await _handler((Verb)call.Request.Code, call.Request.Body, written, call.Token).ConfigureAwait(false);
            if (written.WrittenCount <= _mostAnswer) answer = written.WrittenMemory;
            else status = Status.TooLarge;
        }
        catch (Exception exception)
        {
            // The caller is told that it failed and no more: why is for whoever keeps what this process prints.
            Console.Error.WriteLine($"call {call.Request.Call} failed in an unforeseen way: {exception}");
        }
        finally
        {
            _calls.TryRemove(call.Request.Call, out _);
            _connection.Write(new Frame(call.Request.Call, status, answer), alone: Interlocked.Decrement(ref _running) == 0);
        }
    }

    private IThreadPoolWorkItem? Take(Frame request)
    {
        if (request.Code == (ushort)Verb.GiveUp) return _calls.GetValueOrDefault(request.Call)?.Ending;
        if (request.IsPart)
        {
            if (!_parts.TryGetValue(request.Call, out var begun)) _parts[request.Call] = begun = new BodyParts(_mostRequest);
            begun.Add(request.Body);
            return null;
        }

        if (_parts.Remove(request.Call, out var parts)) request = request with { Body = parts.Add(request.Body) };
        var call = new ServedCall(this, request);
        if (!_calls.TryAdd(request.Call, call)) throw new InvalidDataException($"call {request.Call} was made twice");
        Interlocked.Increment(ref _running);
        return call;
    }

    private void Closed(Exception reason)
    {
        foreach (var call in _calls.Values) ThreadPool.UnsafeQueueUserWorkItem(call.Ending, preferLocal: false);
        _ended.TrySetResult();
    }
}
