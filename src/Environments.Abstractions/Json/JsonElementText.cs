using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace SandQueue.Environments.Abstractions.Json;

/// <summary>
/// Reads JSON strings as agents write them. The base library refuses a lone surrogate (<c>"\ud800"</c>), which models
/// and Python programs do produce; an agent's odd text must never become a server error.
/// </summary>
public static class JsonElementText
{
    private const int LongestShown = 60;

    /// <summary>The value of a JSON string, lone surrogates kept.</summary>
    public static string Text(this JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.String) return element.GetString() ?? "";
        var quoted = JsonMarshal.GetRawUtf8Value(element);
        return IsOdd(quoted) ? Unescape(quoted[1..^1]) : element.GetString()!;
    }

    /// <summary>The name of a member, lone surrogates kept.</summary>
    public static string NameText(this JsonProperty member)
    {
        var raw = JsonMarshal.GetRawUtf8PropertyName(member);
        return IsOdd(raw) ? Unescape(raw) : member.Name;
    }

    /// <summary>
    /// Finds a member of an object by name, as <see cref="JsonElement.TryGetProperty(string, out JsonElement)"/> does. That
    /// one throws where any member's name has a lone surrogate, whichever name it was asked for.
    /// </summary>
    public static bool TryGetMember(this JsonElement element, string name, out JsonElement value)
    {
        try
        {
            return element.TryGetProperty(name, out value);
        }
        catch (InvalidOperationException) when (element.ValueKind == JsonValueKind.Object)
        {
            (value, var found) = (default, false);
            foreach (var member in element.EnumerateObject())
            {
                if (member.NameText() == name) (value, found) = (member.Value, true);
            }

            return found;
        }
    }

    /// <summary>A value as an error message shows it: short, and on one line.</summary>
    public static string Shown(this JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.Undefined => "nothing",
        _ => Short(Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(element))),
    };

    private static string Short(string raw) => raw.Length > LongestShown ? $"{WholeCharacters.Beginning(raw, LongestShown)}…" : raw;

    // May the base library refuse it? Asked before, because its exception takes longer than reading thousands of characters.
    private static bool IsOdd(ReadOnlySpan<byte> raw) => raw.IndexOf("\\ud"u8) >= 0 || raw.IndexOf("\\uD"u8) >= 0 || !Utf8.IsValid(raw);

    private static string Unescape(ReadOnlySpan<byte> escaped)
    {
        var raw = Encoding.UTF8.GetString(escaped);
        var text = new StringBuilder(raw.Length);
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '\\')
            {
                text.Append(raw[i]);
                continue;
            }

            i++;
            text.Append(raw[i] switch
            {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                'b' => '\b',
                'f' => '\f',
                'u' => (char)ushort.Parse(raw.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
                var itself => itself,
            });
            if (raw[i] == 'u') i += 4;
        }

        return text.ToString();
    }
}
