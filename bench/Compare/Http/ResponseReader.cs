using System.Buffers;
using System.Buffers.Text;

namespace SandQueue.Bench.Compare.Http;

/// <summary>Finds the end of an HTTP/1.1 response in what was received so far; reads the status, the two headers that say where the body ends, and no more.</summary>
internal static class ResponseReader
{
    private static readonly SearchValues<byte> EndOfSize = SearchValues.Create("\r;"u8);

    /// <returns>False where more has to be received.</returns>
    /// <exception cref="InvalidDataException">It is no response, or its body ends with the connection.</exception>
    public static bool TryRead(ReadOnlySpan<byte> received, out RawResponse response)
    {
        response = default;
        var end = received.IndexOf("\r\n\r\n"u8);
        if (end < 0) return false;
        if (!received.StartsWith("HTTP/1."u8) || !Utf8Parser.TryParse(received[9..], out int status, out var digits) || digits != 3) throw new InvalidDataException("the answer is no HTTP/1.1 response");

        // The headers, each with its line's beginning and end.
        var headers = received[(received.IndexOf("\r\n"u8))..(end + 2)];
        var start = end + 4;
        if (status is 204 or 304)
        {
            response = new RawResponse(status, start, start, IsChunked: false);
            return true;
        }

        if (Value(headers, "\r\ncontent-length:"u8) is var length && !length.IsEmpty)
        {
            if (!Utf8Parser.TryParse(length, out int bytes, out _)) throw new InvalidDataException("the response has a Content-Length that is no number");
            response = new RawResponse(status, start, start + bytes, IsChunked: false);
            return received.Length >= response.End;
        }

        if (!Value(headers, "\r\ntransfer-encoding:"u8).StartsWith("chunked"u8)) throw new InvalidDataException("the response has neither Content-Length nor chunks");
        if (ChunksEnd(received[start..], into: null) is not { } chunks) return false;
        response = new RawResponse(status, start, start + chunks, IsChunked: true);
        return true;
    }

    /// <summary>The body without the sizes of its chunks.</summary>
    public static byte[] Join(ReadOnlySpan<byte> chunks)
    {
        var body = new ArrayBufferWriter<byte>(chunks.Length);
        ChunksEnd(chunks, body);
        return body.WrittenSpan.ToArray();
    }

    /// <returns>Where the last chunk and its trailers end; null where they have not all come.</returns>
    private static int? ChunksEnd(ReadOnlySpan<byte> chunks, ArrayBufferWriter<byte>? into)
    {
        var at = 0;
        while (true)
        {
            var line = chunks[at..].IndexOf("\r\n"u8);
            if (line < 0) return null;
            var digits = chunks[at..].IndexOfAny(EndOfSize);
            if (!Utf8Parser.TryParse(chunks.Slice(at, digits), out int size, out var read, 'x') || read != digits || size < 0) throw new InvalidDataException("the response has a chunk whose size is no number");
            at += line + 2;
            if (size == 0) return TrailersEnd(chunks, at);
            if (chunks.Length < at + size + 2) return null;
            into?.Write(chunks.Slice(at, size));
            at += size + 2;
        }
    }

    private static int? TrailersEnd(ReadOnlySpan<byte> chunks, int at)
    {
        while (chunks[at..].IndexOf("\r\n"u8) is var line and >= 0)
        {
            at += line + 2;
            if (line == 0) return at;
        }

        return null;
    }

    /// <summary>What stands behind a header's name, which is given in small letters; empty where there is no such header.</summary>
    private static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> headers, ReadOnlySpan<byte> name)
    {
        for (var rest = headers; rest.Length >= name.Length;)
        {
            if (System.Text.Ascii.EqualsIgnoreCase(rest[..name.Length], name)) return rest[name.Length..].TrimStart((byte)' ');
            var next = rest[1..].IndexOf("\r\n"u8);
            if (next < 0) break;
            rest = rest[(next + 1)..];
        }

        return [];
    }
}
