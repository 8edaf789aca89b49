namespace SandQueue.Frames;

/// <summary>
/// Writes frames to a connection. One that is alone leaves at once, on its sender's thread. Where others are under way, it waits until the thread pool
/// gets to it, and takes along all that has come until then: no timer, and one write for many. Of bodies that are long, each write takes along one part,
/// in turns, so that one of many megabytes holds up no other.
/// </summary>
/// <param name="stream">The connection.</param>
/// <param name="broke">Told once when it cannot be written to.</param>
internal sealed class FrameWriter(Stream stream, Action<Exception> broke) : IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private readonly Queue<LongBody> _long = new();
    private WaitingFrames _waiting = new();
    private WaitingFrames _leaving = new();
    private bool _isWriting;

    /// <param name="frame">Its body must not change afterwards.</param>
    /// <param name="alone">Whether no other is under way.</param>
    public void Write(in Frame frame, bool alone)
    {
        lock (_gate)
        {
            Add(frame);
            if (_isWriting) return;
            _isWriting = true;
        }

        if (alone) _ = WriteAsync();
        else ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute() => _ = WriteAsync();

    private async Task WriteAsync()
    {
        try
        {
            lock (_gate) TakeTurn();
            await _leaving.WriteToAsync(stream, CancellationToken.None).ConfigureAwait(false);
            lock (_gate)
            {
                if (_waiting.IsEmpty && _long.Count == 0)
                {
                    _isWriting = false;
                    return;
                }
            }

            // Another's turn: this thread may be that of a caller who has better things to do.
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
        catch (Exception exception)
        {
            // Whatever it was, it stays as one that writes: nothing more goes out.
            broke(exception);
        }
    }

    private void Add(in Frame frame)
    {
        var call = frame.Call;
        if (frame.Body.Length > Frame.PartBytes) _long.Enqueue(new LongBody(frame));
        else if (_long.Count > 0 && _long.FirstOrDefault(body => body.Call == call) is { } before) before.Behind = frame;
        else _waiting.Add(frame);
    }

    private void TakeTurn()
    {
        if (_long.TryDequeue(out var body))
        {
            _waiting.Add(body.Next());
            if (!body.IsDone) _long.Enqueue(body);
            else if (body.Behind is { } behind) _waiting.Add(behind);
        }

        (_waiting, _leaving) = (_leaving, _waiting);
    }
}
