using System.Buffers;
using System.Buffers.Binary;

namespace SandQueue.Frames;

/// <summary>Takes frames from what was read, however it was split.</summary>
/// <param name="mostBytes">The largest body; a longer one that is announced ends the connection, before memory is taken for it.</param>
internal sealed class FrameReader(int mostBytes)
{
    /// <summary>Takes the next frame, in memory of its own, from the beginning of <paramref name="buffer"/>.</summary>
    /// <returns>False where it is not whole yet.</returns>
    /// <exception cref="InvalidDataException">What is there is no frame.</exception>
    public bool TryRead(ref ReadOnlySequence<byte> buffer, out Frame frame)
    {
        frame = default;
        if (buffer.Length < Frame.LengthBytes) return false;
        Span<byte> head = stackalloc byte[Frame.LengthBytes + Frame.HeadBytes];
        buffer.Slice(0, Frame.LengthBytes).CopyTo(head);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(head);
        if (length < Frame.HeadBytes) throw new InvalidDataException($"a frame of {length} bytes came; the shortest has {Frame.HeadBytes}");
        if (length - Frame.HeadBytes > mostBytes) throw new InvalidDataException($"a frame with a body of {length - Frame.HeadBytes} bytes came; {mostBytes} are the most");
        if (buffer.Length < Frame.LengthBytes + length) return false;

        buffer.Slice(0, head.Length).CopyTo(head);
        var body = buffer.Slice(head.Length, length - Frame.HeadBytes);
        frame = new Frame(
            BinaryPrimitives.ReadUInt32LittleEndian(head[Frame.LengthBytes..]), BinaryPrimitives.ReadUInt16LittleEndian(head[(Frame.LengthBytes + 4)..]), body.ToArray());
        buffer = buffer.Slice(body.End);
        return true;
    }
}
