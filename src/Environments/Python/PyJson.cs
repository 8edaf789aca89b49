using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using SandQueue.Environments.Abstractions.Json;
using SandQueue.Environments.Json;

namespace SandQueue.Environments.Python;

/// <summary><c>json.loads</c> and <c>json.dumps</c>, with the defaults of both.</summary>
internal static class PyJson
{
    /// <exception cref="PyError">An int has more digits than Python reads.</exception>
    public static PyValue Read(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => new PyDict(element.EnumerateObject().Select(member => KeyValuePair.Create((PyValue)Name(member), Read(member.Value)))),
        JsonValueKind.Array => PyList.Of(element.EnumerateArray().Select(Read)),
        JsonValueKind.String => element.Text(),
        JsonValueKind.Number => ReadNumber(element.GetRawText()),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => PyValue.None,
    };

    /// <summary>The JSON text of a value, or null where Python has none for it.</summary>
    /// <param name="asciiOnly">The default of <c>ensure_ascii</c>: everything else is escaped.</param>
    public static string? TryWrite(PyValue value, bool asciiOnly = true)
    {
        var json = new StringBuilder();
        return TryWrite(json, value, asciiOnly) ? json.ToString() : null;
    }

    private static PyValue ReadNumber(string raw)
    {
        if (raw.AsSpan().IndexOfAny('.', 'e', 'E') >= 0) return double.Parse(raw, CultureInfo.InvariantCulture);
        if (long.TryParse(raw, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var small)) return small;
        return raw.AsSpan().TrimStart('-').Length is var digits and > PyRepr.MostDigits
            ? throw PyNumberText.TooManyDigits(digits)
            : BigInteger.Parse(raw, CultureInfo.InvariantCulture);
    }

    // Half a surrogate pair, which Python keeps; nothing the services know has such a name.
    private static string Name(JsonProperty member)
    {
        var name = member.NameText();
        return JsonText.IsWellFormed(name) ? name : "\ufffd";
    }

    private static bool TryWrite(StringBuilder json, PyValue value, bool asciiOnly)
    {
        switch (value)
        {
            case PyStr text: WriteText(json, text.Text, asciiOnly); return true;
            case PyList list: return TryWriteItems(json, list.Items, asciiOnly);
            case PyTuple tuple: return TryWriteItems(json, tuple.Items, asciiOnly);
            case PyDict dict: return TryWriteMembers(json, dict, asciiOnly);
            default:
                if (Scalar(value) is not { } scalar) return false;
                json.Append(scalar);
                return true;
        }
    }

    private static string? Scalar(PyValue value) => value switch
    {
        PyNone => "null",
        PyBool flag => flag.Truthy ? "true" : "false",
        PyInt number => PyRepr.Of(number.Number),
        PyFloat { Number: double.NaN } => "NaN",
        PyFloat number when double.IsInfinity(number.Number) => number.Number > 0 ? "Infinity" : "-Infinity",
        PyFloat number => PyFloatText.Repr(number.Number),
        _ => null,
    };

    private static bool TryWriteItems(StringBuilder json, IReadOnlyList<PyValue> items, bool asciiOnly)
    {
        json.Append('[');
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0) json.Append(", ");
            if (!TryWrite(json, items[i], asciiOnly)) return false;
        }

        json.Append(']');
        return true;
    }

    private static bool TryWriteMembers(StringBuilder json, PyDict dict, bool asciiOnly)
    {
        json.Append('{');
        var first = true;
        foreach (var (key, value) in dict)
        {
            if (!first) json.Append(", ");
            first = false;
            if (key is PyStr text) WriteText(json, text.Text, asciiOnly);
            else if (Scalar(key) is { } scalar) json.Append('"').Append(scalar).Append('"');
            else return false;
            json.Append(": ");
            if (!TryWrite(json, value, asciiOnly)) return false;
        }

        json.Append('}');
        return true;
    }

    private static void WriteText(StringBuilder json, string text, bool asciiOnly)
    {
        json.Append('"');
        foreach (var character in text)
        {
            switch (character)
            {
                case '"': json.Append("\\\""); break;
                case '\\': json.Append("\\\\"); break;
                case '\n': json.Append("\\n"); break;
                case '\r': json.Append("\\r"); break;
                case '\t': json.Append("\\t"); break;
                case '\f': json.Append("\\f"); break;
                case '\b': json.Append("\\b"); break;
                case >= ' ' and <= '~': json.Append(character); break;
                case > '~' when !asciiOnly: json.Append(character); break;
                default: json.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"); break;
            }
        }

        json.Append('"');
    }
}
