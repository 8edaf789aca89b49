using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace SandQueue.Gateway.Tools;

/// <summary>Reads the text of an environment or agent, in which half of a surrogate pair may stand alone: the base library throws at it.</summary>
internal static partial class JsonString
{
    /// <param name="value">A JSON string.</param>
    /// <returns>Its text; what is no character is U+FFFD.</returns>
    public static string Read(JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException) when (value.ValueKind == JsonValueKind.String)
        {
            var escaped = Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(value));
            return JsonSerializer.Deserialize<string>(Escapes().Replace(escaped, escape => escape.Groups["half"].Success ? @"\ufffd" : escape.Value))!;
        }
    }

    [GeneratedRegex(@"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?<half>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", RegexOptions.CultureInvariant)]
    private static partial Regex Escapes();
}
