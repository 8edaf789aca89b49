using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace SandQueue.Contracts;

/// <summary>
/// Parses what an environment answered. Half of a surrogate pair may stand alone in it, which the base library refuses wherever its text is asked for: it
/// becomes U+FFFD here. The journal has the answer as it was.
/// </summary>
public static partial class ReadableJson
{
    /// <param name="answer">JSON.</param>
    public static JsonDocument Parse(ReadOnlyMemory<byte> answer) =>
        answer.Span.IndexOf("\\ud"u8) < 0 && answer.Span.IndexOf("\\uD"u8) < 0
            ? JsonDocument.Parse(answer)
            : JsonDocument.Parse(Escapes().Replace(Encoding.UTF8.GetString(answer.Span), escape => escape.Groups["half"].Success ? @"\ufffd" : escape.Value));

    /// <summary>The same, as an element that needs no disposal.</summary>
    public static JsonElement Element(ReadOnlyMemory<byte> answer)
    {
        using var document = Parse(answer);
        return document.RootElement.Clone();
    }

    // Escapes are in strings only, and every backslash in a string begins one.
    [GeneratedRegex(@"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?<half>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", RegexOptions.CultureInvariant)]
    private static partial Regex Escapes();
}
