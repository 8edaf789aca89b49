using System.Buffers;
using System.Text;
using System.Text.Json;

namespace SandQueue.Environments.WebShop.Products;

/// <summary>
/// Cuts a long file into its values, one at a time: the full catalogue is a single array of 5.5 GB, and only the value
/// at hand is in memory. It looks at brackets and quotes alone, so that a value which is no JSON spoils itself and not
/// the rest.
/// </summary>
internal static class JsonPieces
{
    private static readonly SearchValues<byte> LineBreak = SearchValues.Create("\n"u8);
    private static readonly SearchValues<byte> Blank = SearchValues.Create(" \t\r"u8);
    private static readonly SearchValues<byte> Between = SearchValues.Create(" \t\r\n,:\uFEFF"u8);
    private static readonly SearchValues<byte> AfterScalar = SearchValues.Create(" \t\r\n,:]}"u8);
    private static readonly SearchValues<byte> Structure = SearchValues.Create("\"[]{}"u8);
    private static readonly SearchValues<byte> QuoteOrEscape = SearchValues.Create("\"\\"u8);

    /// <summary>Every line of a file that is not blank.</summary>
    public static IEnumerable<JsonPiece> OfLines(Stream stream)
    {
        var window = new ByteWindow(stream);
        while (true)
        {
            var end = window.IndexOfAny(LineBreak, 0);
            var line = end < 0 ? window.View : window.View[..end];
            if (line.Span.ContainsAnyExcept(Blank)) yield return new JsonPiece("", line, window.Line);
            if (end < 0) yield break;
            window.Advance(end + 1);
        }
    }

    /// <summary>Every element of the file's array, or every member of its object.</summary>
    /// <exception cref="InvalidDataException">The file holds something else, or ends inside a value.</exception>
    public static IEnumerable<JsonPiece> OfContainer(Stream stream)
    {
        var window = new ByteWindow(stream);
        var keyed = Open(window);
        while (window.IndexOfAnyExcept(Between, 0) is var start and >= 0)
        {
            window.Advance(start);
            if (window.View.Span[0] is (byte)']' or (byte)'}') yield break;

            var key = "";
            if (keyed)
            {
                var keyLength = Length(window);
                key = Key(window.View.Span[..keyLength]);
                window.Advance(keyLength);
                window.Advance(Math.Max(0, window.IndexOfAnyExcept(Between, 0)));
            }

            var length = Length(window);
            yield return new JsonPiece(key, window.View[..length], window.Line);
            window.Advance(length);
        }

        window.Advance(window.View.Length);
        throw new InvalidDataException($"line {window.Line}: the file ends before its last bracket");
    }

    private static bool Open(ByteWindow window)
    {
        var start = window.IndexOfAnyExcept(Between, 0);
        if (start < 0 || window.View.Span[start] is not ((byte)'[' or (byte)'{'))
        {
            throw new InvalidDataException("line 1: the file is neither a JSON array nor a JSON object");
        }

        var keyed = window.View.Span[start] == '{';
        window.Advance(start + 1);
        return keyed;
    }

    /// <summary>The length of the value at the window's start.</summary>
    private static int Length(ByteWindow window)
    {
        if (window.View.IsEmpty) throw new InvalidDataException($"line {window.Line}: the file ends where a value should be");
        var first = window.View.Span[0];
        var end = first switch
        {
            (byte)'"' => AfterText(window, 1),
            (byte)'[' or (byte)'{' => AfterContainer(window),
            _ => window.IndexOfAny(AfterScalar, 1),
        };
        return end >= 0 ? end : throw new InvalidDataException($"line {window.Line}: the file ends inside the value that begins here");
    }

    private static int AfterContainer(ByteWindow window)
    {
        var depth = 1;
        var at = 1;
        while (window.IndexOfAny(Structure, at) is var found and >= 0)
        {
            at = found + 1;
            switch (window.View.Span[found])
            {
                case (byte)'"' when AfterText(window, at) is var after:
                    if (after < 0) return -1;
                    at = after;
                    break;
                case (byte)'[' or (byte)'{':
                    depth++;
                    break;
                default:
                    if (--depth == 0) return at;
                    break;
            }
        }

        return -1;
    }

    private static int AfterText(ByteWindow window, int at)
    {
        while (window.IndexOfAny(QuoteOrEscape, at) is var found and >= 0)
        {
            if (window.View.Span[found] == '"') return found + 1;
            at = found + 2;
        }

        return -1;
    }

    private static string Key(ReadOnlySpan<byte> quoted)
    {
        var reader = new Utf8JsonReader(quoted);
        return quoted[0] == '"' && reader.Read() ? reader.GetString()! : Encoding.UTF8.GetString(quoted);
    }
}
