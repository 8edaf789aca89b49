using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace SandQueue.EndToEnd.Mistakes.Replay;

/// <summary>What came back over a plain connection.</summary>
/// <param name="Status">The status; 0 where the connection was closed without an answer.</param>
/// <param name="Head">Status line and headers.</param>
/// <param name="Body">The body's bytes.</param>
/// <param name="Took">From the connection to its end.</param>
/// <param name="Broken">Why the request could not be sent whole; null where it was.</param>
internal sealed partial record PlainAnswer(int Status, string Head, byte[] Body, TimeSpan Took, string? Broken)
{
    private static ReadOnlySpan<byte> Start => "HTTP/1.1 "u8;

    private static ReadOnlySpan<byte> LineEnd => "\r\n"u8;

    public static PlainAnswer Read(byte[] received, TimeSpan took, string? broken)
    {
        var end = received.AsSpan().IndexOf("\r\n\r\n"u8);
        if (end < 0 || !received.AsSpan().StartsWith(Start)) return new PlainAnswer(0, "", received, took, broken);
        var head = Encoding.Latin1.GetString(received, 0, end);
        var status = Number(head.AsSpan(Start.Length, 3));
        var body = received[(end + 4)..];
        return new PlainAnswer(status, head, Length().Match(head) is { Success: true } length ? body[..Math.Min(body.Length, Number(length.Groups[1].ValueSpan))] : Joined(body), took, broken);
    }

    private static int Number(ReadOnlySpan<char> digits) => int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(?m)^Content-Length: (\d+)\r?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Length();

    private static byte[] Joined(ReadOnlySpan<byte> chunks)
    {
        var body = new MemoryStream();
        while (Utf8Parser.TryParse(chunks, out int length, out var digits, 'x') && length > 0 && chunks.Length > digits + LineEnd.Length + length)
        {
            body.Write(chunks.Slice(digits + LineEnd.Length, length));
            chunks = chunks[(digits + LineEnd.Length + length + LineEnd.Length)..];
        }

        return body.ToArray();
    }
}
