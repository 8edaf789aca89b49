using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace SandQueue.Environments.WebShop.Products;

/// <summary>
/// Parses JSON that Python wrote: its <c>json</c> module writes the bare words NaN and Infinity, which are no JSON. They
/// are read as null; no member that matters here is such a number.
/// </summary>
internal static partial class LenientJson
{
    /// <exception cref="JsonException">It is no JSON even so.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            return JsonDocument.Parse(utf8);
        }
        catch (JsonException) when (utf8.Span.IndexOf("NaN"u8) >= 0 || utf8.Span.IndexOf("Infinity"u8) >= 0)
        {
            var text = Encoding.UTF8.GetString(utf8.Span);
            return JsonDocument.Parse(TextOrWord().Replace(text, match => match.Groups["word"].Success ? "null" : match.Value));
        }
    }

    [GeneratedRegex("""
        "(?:[^"\\]|\\.)*"|(?<word>-?Infinity|NaN)
        """, RegexOptions.Singleline | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex TextOrWord();
}
