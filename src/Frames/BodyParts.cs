using System.Buffers;

namespace SandQueue.Frames;

/// <summary>Joins the parts of a long body as they come.</summary>
/// <param name="mostBytes">The longest body.</param>
internal sealed class BodyParts(int mostBytes)
{
    private readonly ArrayBufferWriter<byte> _come = new(4 * Frame.PartBytes);

    /// <exception cref="InvalidDataException">They are more than may come.</exception>
    public ReadOnlyMemory<byte> Add(ReadOnlyMemory<byte> part)
    {
        if (part.Length > mostBytes - _come.WrittenCount) throw new InvalidDataException($"parts of a body of more than {mostBytes} bytes came, which are the most");
        _come.Write(part.Span);
        return _come.WrittenMemory;
    }
}
