using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SandQueue.Environments.Json;

/// <summary>How the server writes JSON: readable text as it is, and lone surrogates as the escapes they came as.</summary>
internal static class JsonText
{
    /// <summary>Answers go to JSON parsers, never into a web page, so only what JSON itself demands is escaped.</summary>
    public static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>Writes a string member. The base library would turn a lone surrogate into U+FFFD; an observation keeps it.</summary>
    public static void WriteText(this Utf8JsonWriter writer, string name, string value)
    {
        if (IsWellFormed(value))
        {
            writer.WriteString(name, value);
            return;
        }

        writer.WritePropertyName(name);
        writer.WriteRawValue(Escaped(value), skipInputValidation: true);
    }

    /// <summary>Writes a float as Python would, so that 1.0 arrives as a float and not as the int 1.</summary>
    public static void WriteFloat(this Utf8JsonWriter writer, double value)
    {
        if (!double.IsInteger(value))
        {
            writer.WriteNumberValue(value);
            return;
        }

        var digits = value.ToString("R", CultureInfo.InvariantCulture);
        writer.WriteRawValue(digits.Contains('E', StringComparison.Ordinal) ? digits : $"{digits}.0", skipInputValidation: true);
    }

    /// <summary>Whether a text has no half of a surrogate pair that stands alone.</summary>
    public static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            var plain = text.IndexOfAnyInRange('\ud800', '\udfff');
            if (plain < 0) return true;
            if (Rune.DecodeFromUtf16(text[plain..], out _, out var consumed) != OperationStatus.Done) return false;
            text = text[(plain + consumed)..];
        }

        return true;
    }

    private static string Escaped(string value)
    {
        var json = new StringBuilder(value.Length + 16).Append('"');
        foreach (var unit in value)
        {
            if (unit is '"' or '\\') json.Append('\\').Append(unit);
            else if (unit < ' ' || unit > '~') json.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
            else json.Append(unit);
        }

        return json.Append('"').ToString();
    }
}
