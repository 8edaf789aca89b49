using System.Buffers;
using System.Buffers.Binary;

namespace SandQueue.Frames;

/// <summary>Frames that wait for being written, in the order they came. Short ones lie in one piece of memory, so that they are written at once.</summary>
internal sealed class WaitingFrames
{
    /// <summary>A body from here on is not copied.</summary>
    private const int Long = 64 * 1024;

    /// <summary>Memory that is kept for the next ones.</summary>
    private const int Kept = 256 * 1024;

    private readonly List<ReadOnlyMemory<byte>> _pieces = [];
    private ArrayBufferWriter<byte> _last = new(4 * 1024);

    public bool IsEmpty => _pieces.Count == 0 && _last.WrittenCount == 0;

    public void Add(in Frame frame)
    {
        var head = _last.GetSpan(Frame.LengthBytes + Frame.HeadBytes);
        BinaryPrimitives.WriteInt32LittleEndian(head, Frame.HeadBytes + frame.Body.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(head[Frame.LengthBytes..], frame.Call);
        BinaryPrimitives.WriteUInt16LittleEndian(head[(Frame.LengthBytes + 4)..], frame.Code);
        _last.Advance(Frame.LengthBytes + Frame.HeadBytes);
        if (frame.Body.Length < Long)
        {
            _last.Write(frame.Body.Span);
            return;
        }

        _pieces.Add(_last.WrittenMemory);
        _pieces.Add(frame.Body);
        _last = new ArrayBufferWriter<byte>(4 * 1024);
    }

    public async ValueTask WriteToAsync(Stream stream, CancellationToken cancellationToken)
    {
        foreach (var piece in _pieces) await stream.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
        if (_last.WrittenCount > 0) await stream.WriteAsync(_last.WrittenMemory, cancellationToken).ConfigureAwait(false);
        _pieces.Clear();
        if (_last.Capacity > Kept) _last = new ArrayBufferWriter<byte>(4 * 1024);
        else _last.ResetWrittenCount();
    }
}
