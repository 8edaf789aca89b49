using System.Globalization;
using System.Numerics;
using System.Text;

namespace SandQueue.Environments.Python;

/// <summary><c>repr(x)</c>.</summary>
internal static class PyRepr
{
    /// <summary>Decimal digits of an int that CPython reads or writes.</summary>
    public const int MostDigits = 4300;

    public static string Of(PyValue value)
    {
        var text = new StringBuilder();
        Write(text, value);
        return text.ToString();
    }

    /// <summary>An int in decimal digits, of which CPython writes no more than 4300.</summary>
    public static string Of(BigInteger number)
    {
        if (number.GetBitLength() < 14000) return number.ToString(CultureInfo.InvariantCulture);
        var digits = number.GetBitLength() > 15000 ? "" : number.ToString(CultureInfo.InvariantCulture);
        return digits.Length > 0 && digits.TrimStart('-').Length <= MostDigits ? digits : throw TooManyDigits();
    }

    public static PyError TooManyDigits() => PyError.ValueError(
        $"Exceeds the limit ({MostDigits} digits) for integer string conversion; use sys.set_int_max_str_digits() to increase the limit");

    private static void Write(StringBuilder text, PyValue value)
    {
        switch (value)
        {
            case PyNone: text.Append("None"); break;
            case PyBool flag: text.Append(flag.Truthy ? "True" : "False"); break;
            case PyInt number: text.Append(Of(number.Number)); break;
            case PyFloat number: text.Append(PyFloatText.Repr(number.Number)); break;
            case PyStr str: WriteText(text, str.Text); break;
            case PyShown shown: text.Append(shown.Repr); break;
            case PyList list: WriteItems(text, '[', list.Items, "]"); break;
            case PyTuple tuple: WriteItems(text, '(', tuple.Items, tuple.Items.Count == 1 ? ",)" : ")"); break;
            case PySet { Items.Count: 0 }: text.Append("set()"); break;
            case PySet set: WriteItems(text, '{', set.Items, "}"); break;
            case PyDict dict: WriteEntries(text, dict); break;
            default: throw new InvalidOperationException($"no repr for {value.TypeName}");
        }
    }

    private static void WriteItems(StringBuilder text, char open, IReadOnlyList<PyValue> items, string close)
    {
        text.Append(open);
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0) text.Append(", ");
            Write(text, items[i]);
        }

        text.Append(close);
    }

    private static void WriteEntries(StringBuilder text, PyDict dict)
    {
        text.Append('{');
        var first = true;
        foreach (var (key, value) in dict)
        {
            if (!first) text.Append(", ");
            first = false;
            Write(text, key);
            text.Append(": ");
            Write(text, value);
        }

        text.Append('}');
    }

    private static void WriteText(StringBuilder text, string content)
    {
        var quote = content.Contains('\'', StringComparison.Ordinal) && !content.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        text.Append(quote);
        for (var i = 0; i < content.Length; i++)
        {
            var character = content[i];
            if (character == quote || character == '\\') text.Append('\\').Append(character);
            else if (character is >= ' ' and < '\x7f') text.Append(character);
            else if (character == '\n') text.Append("\\n");
            else if (character == '\r') text.Append("\\r");
            else if (character == '\t') text.Append("\\t");
            else i += WriteUnusual(text, content, i);
        }

        text.Append(quote);
    }

    private static int WriteUnusual(StringBuilder text, string content, int at)
    {
        var pair = at + 1 < content.Length && char.IsSurrogatePair(content[at], content[at + 1]);
        var point = pair ? char.ConvertToUtf32(content[at], content[at + 1]) : content[at];
        if (IsPrintable(point)) text.Append(content, at, pair ? 2 : 1);
        else if (point < 0x100) text.Append(CultureInfo.InvariantCulture, $"\\x{point:x2}");
        else if (point < 0x10000) text.Append(CultureInfo.InvariantCulture, $"\\u{point:x4}");
        else text.Append(CultureInfo.InvariantCulture, $"\\U{point:x8}");
        return pair ? 1 : 0;
    }

    private static bool IsPrintable(int point) => CharUnicodeInfo.GetUnicodeCategory(point) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.SpaceSeparator);
}
