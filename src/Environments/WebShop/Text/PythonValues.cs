using System.Globalization;
using System.Text;

namespace SandQueue.Environments.WebShop.Text;

/// <summary>How Python writes floats and small dictionaries of strings; both are part of pages and addresses.</summary>
internal static class PythonValues
{
    /// <summary><c>repr(float)</c>: the shortest digits that read back, an exponent from 1e16 and below 1e-4.</summary>
    public static string Repr(double value)
    {
        if (!double.IsFinite(value)) return double.IsNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";

        var sign = double.IsNegative(value) ? "-" : "";
        var (digits, point) = Shortest(Math.Abs(value));
        if (point is > -4 and <= 16)
        {
            var plain = point > 0 ? digits.PadRight(point, '0') : new string('0', 1 - point) + digits;
            var whole = Math.Max(point, 1);
            return $"{sign}{plain[..whole]}.{(plain.Length > whole ? plain[whole..] : "0")}";
        }

        var exponent = Math.Abs(point - 1).ToString("00", CultureInfo.InvariantCulture);
        return $"{sign}{digits[0]}{(digits.Length > 1 ? "." : "")}{digits[1..]}e{(point > 0 ? '+' : '-')}{exponent}";
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

    /// <summary>The shortest digits that read back, and where among them the point stands.</summary>
    private static (string Digits, int Point) Shortest(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        var e = text.IndexOf('E', StringComparison.Ordinal);
        var exponent = e < 0 ? 0 : int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = e < 0 ? text : text[..e];
        var dot = mantissa.IndexOf('.', StringComparison.Ordinal);
        var all = mantissa.Replace(".", "", StringComparison.Ordinal);
        var digits = all.TrimStart('0');
        var point = (dot < 0 ? mantissa.Length : dot) + exponent - (all.Length - digits.Length);
        return digits.Length == 0 ? ("0", 1) : (digits.TrimEnd('0'), point);
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
