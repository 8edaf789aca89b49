using System.Globalization;
using System.Text;

namespace SandQueue.Environments.WebShop.Text;

/// <summary>How Python writes floats and small dictionaries of strings; both are part of pages and addresses.</summary>
internal static class PythonValues
{
    /// <summary><c>repr(float)</c>: the shortest digits that read back, an exponent from 1e16 and below 1e-4.</summary>
    public static string Repr(double value)
    {
        var shortest = value.ToString("R", CultureInfo.InvariantCulture);
        var e = shortest.IndexOf('E', StringComparison.Ordinal);
        if (e < 0) return double.IsFinite(value) && !shortest.Contains('.', StringComparison.Ordinal) ? shortest + ".0" : shortest;

        var exponent = int.Parse(shortest.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = shortest[..e];
        if (exponent == 15) return WithoutExponent(mantissa);
        return $"{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture)}";
    }

    /// <summary><c>repr(dict)</c> of strings.</summary>
    public static string Repr(IEnumerable<KeyValuePair<string, string>> items) =>
        $"{{{string.Join(", ", items.Select(item => $"{PythonText.Repr(item.Key)}: {PythonText.Repr(item.Value)}"))}}}";

    /// <summary><c>json.dumps(dict)</c> of strings, all beyond ASCII escaped.</summary>
    public static string Json(IEnumerable<KeyValuePair<string, string>> items)
    {
        var json = new StringBuilder("{");
        foreach (var (name, value) in items)
        {
            if (json.Length > 1) json.Append(", ");
            AppendJson(json, name);
            json.Append(": ");
            AppendJson(json, value);
        }

        return json.Append('}').ToString();
    }

    /// <summary>Flask's <c>tojson</c>: sorted by key, and safe inside HTML.</summary>
    public static string HtmlSafeJson(IEnumerable<KeyValuePair<string, string>> items) =>
        Json(items.Order(Comparer<KeyValuePair<string, string>>.Create((a, b) => PythonText.Compare(a.Key, b.Key))))
            .Replace("<", "\\u003c", StringComparison.Ordinal)
            .Replace(">", "\\u003e", StringComparison.Ordinal)
            .Replace("&", "\\u0026", StringComparison.Ordinal)
            .Replace("'", "\\u0027", StringComparison.Ordinal);

    // The base library turns to an exponent at 1e15, Python at 1e16.
    private static string WithoutExponent(string mantissa)
    {
        var sign = mantissa[0] == '-' ? 1 : 0;
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal).PadRight(sign + 16, '0');
        return $"{digits[..(sign + 16)]}.{(digits.Length > sign + 16 ? digits[(sign + 16)..] : "0")}";
    }

    private static void AppendJson(StringBuilder json, string text)
    {
        json.Append('"');
        foreach (var c in text)
        {
            switch (c)
            {
                case '"' or '\\': json.Append('\\').Append(c); break;
                case '\n': json.Append("\\n"); break;
                case '\r': json.Append("\\r"); break;
                case '\t': json.Append("\\t"); break;
                case '\f': json.Append("\\f"); break;
                case '\b': json.Append("\\b"); break;
                case >= ' ' and <= '~': json.Append(c); break;
                default: json.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture)); break;
            }
        }

        json.Append('"');
    }
}
