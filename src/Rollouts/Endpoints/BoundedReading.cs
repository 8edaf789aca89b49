using System.Buffers;

namespace SandQueue.Rollouts.Endpoints;

/// <summary>Reads streams of unknown length up to a limit.</summary>
internal static class BoundedReading
{
    private const int Piece = 16_384;

    /// <returns>All bytes; null where there are more than the limit.</returns>
    public static async Task<byte[]?> AllAsync(Stream stream, int most, CancellationToken cancellationToken)
    {
        var read = await BeginningAsync(stream, most + 1, cancellationToken);
        return read.Length > most ? null : read;
    }

    /// <returns>At most so many bytes.</returns>
    public static async Task<byte[]> BeginningAsync(Stream stream, int most, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>(Math.Min(most, Piece));
        while (buffer.WrittenCount < most)
        {
            var memory = buffer.GetMemory(Math.Min(Piece, most - buffer.WrittenCount));
            var count = await stream.ReadAsync(memory[..Math.Min(memory.Length, most - buffer.WrittenCount)], cancellationToken);
            if (count == 0) break;
            buffer.Advance(count);
        }

        return buffer.WrittenSpan.ToArray();
    }
}
