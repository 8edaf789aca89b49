using System.Text;
using System.Text.RegularExpressions;

namespace SandQueue.Gateway.Amqp;

/// <summary>
/// Takes the keys of endpoints out of a message that is put aside: dead letters lie in a queue that people read. The message may be no JSON, or the beginning of
/// one, so it is looked at as text.
/// </summary>
internal static partial class MaskedKeys
{
    /// <param name="body">The message's bytes.</param>
    /// <returns>The same bytes, where it has no keys.</returns>
    public static byte[] Of(byte[] body)
    {
        if (!body.AsSpan().ContainsAny((byte)'"', (byte)'\'')) return body;

        // Byte for byte, whatever the bytes are.
        var text = Encoding.Latin1.GetString(body);
        var masked = Key().Replace(text, "$1\"***\"");
        return ReferenceEquals(masked, text) ? body : Encoding.Latin1.GetBytes(masked);
    }

    /// <summary>A member of that name, however its letters are written, and its value up to its end or the message's.</summary>
    [GeneratedRegex("""(["'](?:a|\\u0061)(?:p|\\u0070)(?:i|\\u0069)(?:_|\\u005f)(?:k|\\u006b)(?:e|\\u0065)(?:y|\\u0079)["']\s*[:=]\s*)(?:"(?:[^"\\]|\\.)*(?:"|\\?$)|'(?:[^'\\]|\\.)*(?:'|\\?$)|[^\s,}\]"']+)""", RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 5_000)]
    private static partial Regex Key();
}
