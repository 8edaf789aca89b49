using System.Buffers.Binary;
using System.IO.Compression;

namespace SandQueue.Storage.Payloads;

/// <summary>
/// How an action or an answer is stored: compressed where that pays, else as it is. Decision 0015 has the figures: below a kilobyte it costs a step more than it saves, and above 32 a
/// page of rows could become large in memory, so there PostgreSQL compresses by itself. What is compressed begins with a mark that no JSON begins with; what begins with the mark by itself is stored behind another.
/// </summary>
internal static class PackedPayload
{
    public const int Shortest = 1 << 10;
    public const int Longest = 32 << 10;

    /// <summary>The fastest of Brotli's: on answers of environments it takes less time than writing the bytes that it saves.</summary>
    private const int Quality = 0;

    private const int Window = 16;

    private static ReadOnlySpan<byte> Mark => [0, (byte)'s', (byte)'q'];

    private static int Head => Mark.Length + 1;

    private static int CompressedHead => Head + sizeof(int);

    /// <summary>The bytes to store.</summary>
    public static byte[] Pack(byte[] payload)
    {
        ArgumentNullException.ThrowIfNull(payload);
        if (payload.Length is >= Shortest and <= Longest && Compress(payload) is { } compressed) return compressed;
        return payload.AsSpan().StartsWith(Mark) ? [.. Mark, (byte)Form.AsItIs, .. payload] : payload;
    }

    /// <summary>The payload that was stored.</summary>
    /// <exception cref="InvalidDataException">The stored bytes are damaged.</exception>
    public static byte[] Unpack(byte[] stored)
    {
        ArgumentNullException.ThrowIfNull(stored);
        if (stored.Length < Head || !stored.AsSpan().StartsWith(Mark)) return stored;
        return (Form)stored[Mark.Length] switch
        {
            Form.AsItIs => stored[Head..],
            Form.Brotli => Expand(stored),
            _ => throw Damaged(),
        };
    }

    /// <returns>Null where it would not get shorter by an eighth.</returns>
    private static byte[]? Compress(byte[] payload)
    {
        Span<byte> stored = stackalloc byte[Longest];
        stored = stored[..(payload.Length - (payload.Length / 8))];
        if (!BrotliEncoder.TryCompress(payload, stored[CompressedHead..], out var written, Quality, Window)) return null;
        Mark.CopyTo(stored);
        stored[Mark.Length] = (byte)Form.Brotli;
        BinaryPrimitives.WriteInt32LittleEndian(stored[Head..], payload.Length);
        return stored[..(CompressedHead + written)].ToArray();
    }

    private static byte[] Expand(byte[] stored)
    {
        if (stored.Length < CompressedHead) throw Damaged();
        var length = BinaryPrimitives.ReadInt32LittleEndian(stored.AsSpan(Head));
        if (length is < Shortest or > Longest) throw Damaged();
        var payload = new byte[length];
        return BrotliDecoder.TryDecompress(stored.AsSpan(CompressedHead), payload, out var written) && written == length ? payload : throw Damaged();
    }

    private static InvalidDataException Damaged() => new("a payload in the journal is damaged: restore the database from a backup");

    /// <summary>Numbers are stored: they stay.</summary>
    private enum Form : byte
    {
        AsItIs = 0,
        Brotli = 1,
    }
}
