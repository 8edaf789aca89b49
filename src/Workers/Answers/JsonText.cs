using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace SandQueue.Workers.Answers;

/// <summary>Reads JSON strings as models and Python programs write them: half of a surrogate pair is no error, nor are bytes that are no UTF-8.</summary>
internal static partial class JsonText
{
    /// <param name="text">A JSON string.</param>
    /// <returns>Its value; half of a surrogate pair becomes U+FFFD.</returns>
    public static string Read(JsonElement text)
    {
        try
        {
            return text.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            // The parser takes such a text and throws only when it is asked for its value.
            using var repaired = JsonDocument.Parse(Escape().Replace(Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(text)), escape => escape.Groups["half"].Success ? "\uFFFD" : escape.Value));
            return repaired.RootElement.GetString()!;
        }
    }

    /// <summary>Every escape as a whole, a pair of halves as one: so a backslash that is itself escaped begins nothing.</summary>
    [GeneratedRegex("""\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?<half>\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\.""", RegexOptions.CultureInvariant)]
    private static partial Regex Escape();
}
