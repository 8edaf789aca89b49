using System.IO.Pipelines;

namespace SandQueue.Frames;

/// <summary>
/// One connection that carries frames both ways, the same for both sides. What a frame brings about runs side by side with what others do: the last
/// frame of a read on the thread that read it, once the next read is under way, so that a lone one changes no thread; those before it in the thread pool.
/// </summary>
internal sealed class FrameConnection
{
    private readonly Stream _stream;
    private readonly PipeReader _reader;
    private readonly FrameReader _frames;
    private readonly FrameWriter _writer;
    private readonly Func<Frame, IThreadPoolWorkItem?> _take;
    private readonly Action<Exception> _closed;
    private int _isClosed;

    /// <param name="stream">The connection, after both prefaces. It is disposed when the connection is closed.</param>
    /// <param name="mostBytes">The largest body that may come.</param>
    /// <param name="take">Called in the order of frames, and quick; says what is to run then. It throws <see cref="InvalidDataException"/> where a frame makes no sense.</param>
    /// <param name="closed">Told once, when nothing more can come.</param>
    public FrameConnection(Stream stream, int mostBytes, Func<Frame, IThreadPoolWorkItem?> take, Action<Exception> closed)
    {
        (_stream, _take, _closed) = (stream, take, closed);
        _reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: Frame.PartBytes, minimumReadSize: 4 * 1024, leaveOpen: true));
        _frames = new FrameReader(mostBytes);
        _writer = new FrameWriter(stream, Close);
    }

    public bool IsOpen => Volatile.Read(ref _isClosed) == 0;

    /// <summary>Begins to read. What runs then has nothing of the caller's context.</summary>
    public void Start()
    {
        if (ExecutionContext.IsFlowSuppressed()) Begin();
        else
        {
            using (ExecutionContext.SuppressFlow()) Begin();
        }

        void Begin() => _ = ReadAsync(_reader.ReadAsync().AsTask());
    }

    /// <inheritdoc cref="FrameWriter.Write"/>
    public void Write(in Frame frame, bool alone) => _writer.Write(frame, alone);

    /// <param name="reason">Why, for people; the first one counts.</param>
    public void Close(Exception reason)
    {
        if (Interlocked.Exchange(ref _isClosed, 1) != 0) return;
        _stream.Dispose();
        _closed(reason);
    }

    private async Task ReadAsync(Task<ReadResult> reading)
    {
        try
        {
            while (true)
            {
                var read = await reading.ConfigureAwait(false);
                var last = Take(read);
                if (read.IsCompleted)
                {
                    Queue(last);
                    throw new EndOfStreamException("the other side has closed the connection");
                }

                reading = _reader.ReadAsync().AsTask();
                if (last is null) continue;
                if (reading.IsCompleted)
                {
                    Queue(last);
                    continue;
                }

                // Never on this thread, even where the read has come to its end by now: what follows from it would hold up what is executed here.
                var next = reading;
                next.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(() => _ = ReadAsync(next));
                last.Execute();
                return;
            }
        }
        catch (Exception exception)
        {
            // Whatever it was, nobody reads any more.
            await _reader.CompleteAsync().ConfigureAwait(false);
            Close(exception);
        }
    }

    /// <summary>Takes all whole frames, and sends on what each but the last brings about.</summary>
    private IThreadPoolWorkItem? Take(ReadResult read)
    {
        var (rest, last) = (read.Buffer, default(IThreadPoolWorkItem));
        try
        {
            while (_frames.TryRead(ref rest, out var frame))
            {
                if (_take(frame) is not { } next) continue;
                Queue(last);
                last = next;
            }
        }
        catch
        {
            // What was taken before has its end: nobody else would bring it.
            Queue(last);
            throw;
        }

        _reader.AdvanceTo(rest.Start, rest.End);
        return last;
    }

    private static void Queue(IThreadPoolWorkItem? work)
    {
        if (work is not null) ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);
    }
}
