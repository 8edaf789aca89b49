using System.Buffers;
using System.Buffers.Binary;

namespace SandQueue.Frames;

/// <summary>Frames that wait for being written, in the order they came, in one piece of memory, so that they are written at once.</summary>
internal sealed class WaitingFrames
{
    /// <summary>Memory that is kept for the next ones.</summary>
    private const int Kept = 256 * 1024;

    private ArrayBufferWriter<byte> _bytes = new(4 * 1024);

    public bool IsEmpty => _bytes.WrittenCount == 0;

    public void Add(in Frame frame)
    {
        var head = _bytes.GetSpan(Frame.LengthBytes + Frame.HeadBytes);
        BinaryPrimitives.WriteInt32LittleEndian(head, Frame.HeadBytes + frame.Body.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(head[Frame.LengthBytes..], frame.Call);
        BinaryPrimitives.WriteUInt16LittleEndian(head[(Frame.LengthBytes + 4)..], frame.Code);
        _bytes.Advance(Frame.LengthBytes + Frame.HeadBytes);
        _bytes.Write(frame.Body.Span);
    }

    public async ValueTask WriteToAsync(Stream stream, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(_bytes.WrittenMemory, cancellationToken).ConfigureAwait(false);
        if (_bytes.Capacity > Kept) _bytes = new ArrayBufferWriter<byte>(4 * 1024);
        else _bytes.ResetWrittenCount();
    }
}
