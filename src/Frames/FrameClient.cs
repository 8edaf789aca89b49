namespace SandQueue.Frames;

/// <summary>The caller's side of a connection: any number of calls under way, answered in whatever order.</summary>
public sealed class FrameClient : IDisposable
{
    /// <summary>Of how many long answers of the largest size what has come may be held at once.</summary>
    private const int LongAtOnce = 4;

    private const string Retired = "another connection has taken its place";

    private readonly Lock _gate = new();
    private readonly Dictionary<uint, FrameCall> _calls = [];
    private readonly FrameConnection _connection;
    private readonly int _mostBytes;
    private long _partBytes;
    private long _received;
    private bool _isRetired;
    private uint _last;
    private int _awaited;
    private Exception? _closed;

    private FrameClient(Stream stream, int mostBytes) => (_mostBytes, _connection) = (mostBytes, new FrameConnection(stream, mostBytes, Take, Closed));

    /// <summary>Whether another call can be made on it.</summary>
    public bool IsOpen => _connection.IsOpen && !Volatile.Read(ref _isRetired);

    /// <summary>Frames that have come: one that does not grow while calls wait may be dead without anybody's notice.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>Greets the server.</summary>
    /// <param name="stream">A fresh connection. It is disposed with this one, and where this fails.</param>
    /// <param name="mostBytes">The largest answer that is taken.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="IOException">The connection broke.</exception>
    /// <exception cref="InvalidDataException">The server speaks something else.</exception>
    public static async Task<FrameClient> OpenAsync(Stream stream, int mostBytes, CancellationToken cancellationToken)
    {
        try
        {
            await stream.WriteAsync(Preface.OfCaller(mostBytes), cancellationToken).ConfigureAwait(false);
            var answer = new byte[Preface.Name.Length];
            var length = await stream.ReadAtLeastAsync(answer, answer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            if (length < answer.Length && Preface.Name.StartsWith(answer.AsSpan(0, length))) throw new EndOfStreamException("the other side has closed the connection");
            if (!Preface.Name.SequenceEqual(answer)) throw new InvalidDataException("what answered speaks no frames");
            var client = new FrameClient(stream, mostBytes);
            client._connection.Start();
            return client;
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Makes a call.</summary>
    /// <param name="verb">What is asked for.</param>
    /// <param name="body">The request. It must not change before the answer.</param>
    /// <param name="cancellationToken">Gives the call up, and tells the server so; other calls go on.</param>
    /// <returns>The answer, whatever its status, in memory of its own.</returns>
    /// <exception cref="IOException">The connection broke: what the call did is unknown.</exception>
    /// <exception cref="ObjectDisposedException">The connection had broken or was retired before, and nothing was sent.</exception>
    public async ValueTask<Frame> CallAsync(Verb verb, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var call = new FrameCall();
        uint number;
        bool alone;
        lock (_gate)
        {
            if (_closed is not null || _isRetired) throw new ObjectDisposedException(nameof(FrameClient), _closed?.Message ?? Retired);
            do number = unchecked(++_last);
            while (!_calls.TryAdd(number, call));
            alone = ++_awaited == 1;
        }

        _connection.Write(new Frame(number, (ushort)verb, body), alone);
        using var given = cancellationToken.UnsafeRegister(
            static (state, token) =>
            {
                var (client, call, number) = ((FrameClient, FrameCall, uint))state!;
                client.GiveUp(call, number, token);
            },
            (this, call, number));
        return await call.Task.ConfigureAwait(false);
    }

    /// <summary>Closes the connection. Calls that are under way fail with <see cref="IOException"/>.</summary>
    public void Dispose() => _connection.Close(new IOException("the connection was closed on this side"));

    /// <inheritdoc cref="Dispose"/>
    /// <param name="reason">What the calls fail with.</param>
    public void Close(string reason) => _connection.Close(new IOException(reason));

    /// <summary>Takes no more calls, lets those that are under way come to their end, and closes then.</summary>
    public void Retire()
    {
        bool isOver;
        lock (_gate) (_isRetired, isOver) = (true, _awaited == 0);
        if (isOver) Close(Retired);
    }

    /// <summary>Its answer may still come, and is nobody's then.</summary>
    private void GiveUp(FrameCall call, uint number, CancellationToken cancellationToken)
    {
        if (!call.TryEnd()) return;
        call.Parts = null;
        bool isOver;
        lock (_gate) isOver = --_awaited == 0 && _isRetired;
        _connection.Write(new Frame(number, (ushort)Verb.GiveUp, default), alone: true);

        // Not on the thread of who cancels: it may have other things to do, or hold a lock.
        ThreadPool.UnsafeQueueUserWorkItem(static end => end.Call.SetCanceled(end.Token), (Call: call, Token: cancellationToken), preferLocal: false);
        if (isOver) Close(Retired);
    }

    private FrameCall? Take(Frame answer)
    {
        Volatile.Write(ref _received, _received + 1);
        FrameCall? call;
        lock (_gate)
        {
            if (!_calls.TryGetValue(answer.Call, out call)) throw new InvalidDataException($"an answer came to call {answer.Call}, which was not made");
        }

        // Before the call has an end: where this throws, it still is among those that fail with the connection.
        if (answer.IsPart || call.PartBytes > 0) answer = Join(call, answer);
        if (answer.IsPart) return null;

        bool isOver;
        lock (_gate)
        {
            _calls.Remove(answer.Call);
            if (!call.TryEnd()) return null;
            isOver = --_awaited == 0 && _isRetired;
        }

        call.Answer = answer;
        if (isOver) Close(Retired);
        return call;
    }

    private Frame Join(FrameCall call, Frame answer)
    {
        if (!answer.IsPart) _partBytes -= call.PartBytes;
        else if ((_partBytes += answer.Body.Length) > (long)LongAtOnce * _mostBytes) throw new InvalidDataException($"parts of long answers of more than {LongAtOnce} times {_mostBytes} bytes came at once");
        if (answer.IsPart) call.PartBytes += answer.Body.Length;

        // What was given up is nobody's: it needs no memory.
        if (call.IsEnded)
        {
            call.Parts = null;
            return answer;
        }

        var come = (call.Parts ??= new BodyParts(_mostBytes)).Add(answer.Body);
        return answer.IsPart ? answer : answer with { Body = come };
    }

    private void Closed(Exception reason)
    {
        List<FrameCall> left;
        lock (_gate)
        {
            _closed = reason;
            left = [.. _calls.Values];
            _calls.Clear();
        }

        foreach (var call in left)
        {
            if (call.TryEnd()) ThreadPool.UnsafeQueueUserWorkItem(static end => end.Call.SetException(end.Failure), (Call: call, Failure: Broken(reason)), preferLocal: false);
        }
    }

    /// <summary>For each call one of its own: a stack is written into it.</summary>
    private static IOException Broken(Exception reason) => new(reason.Message, reason);
}
