using System.Globalization;
using System.Numerics;
using System.Text;

namespace SandQueue.Environments.Python;

/// <summary><c>int(x)</c> and <c>float(x)</c> of any value, text included.</summary>
internal static class PyNumberText
{
    public static BigInteger ToInteger(PyValue value) => value switch
    {
        PyStr text => ParseInteger(text),
        PyFloat number => Truncate(number.Number),
        _ => PyNumber.AsInteger(value)
            ?? throw PyError.TypeError($"int() argument must be a string, a bytes-like object or a real number, not '{value.TypeName}'"),
    };

    public static double ToFloat(PyValue value) => value switch
    {
        PyStr text => TryParseFloat(text.Text) ?? throw PyError.ValueError($"could not convert string to float: {PyRepr.Of(text)}"),
        _ when PyNumber.IsNumber(value) => PyNumber.AsFloat(value),
        _ => throw PyError.TypeError($"float() argument must be a string or a real number, not '{value.TypeName}'"),
    };

    /// <summary>A float as Python reads it from text, or null where it would complain.</summary>
    public static double? TryParseFloat(string text)
    {
        var plain = Plain(PyText.Strip(text));
        if (plain is null) return null;
        var unsigned = plain.TrimStart('+', '-');
        if (plain.Length - unsigned.Length > 1) return null;
        var sign = plain.StartsWith('-') ? -1.0 : 1.0;
        if (unsigned.Equals("inf", StringComparison.OrdinalIgnoreCase) || unsigned.Equals("infinity", StringComparison.OrdinalIgnoreCase))
        {
            return sign * double.PositiveInfinity;
        }

        if (unsigned.Equals("nan", StringComparison.OrdinalIgnoreCase)) return double.NaN;
        const NumberStyles Written = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return double.TryParse(unsigned, Written, CultureInfo.InvariantCulture, out var number) && unsigned.Any(char.IsAsciiDigit)
            ? sign * number
            : null;
    }

    private static BigInteger ParseInteger(PyStr text)
    {
        var plain = Plain(PyText.Strip(text.Text)) ?? "";
        var digits = plain.Length > 0 && plain[0] is '+' or '-' ? plain[1..] : plain;
        if (digits.Length == 0 || !digits.All(char.IsAsciiDigit))
        {
            throw PyError.ValueError($"invalid literal for int() with base 10: {PyRepr.Of(text)}");
        }

        if (digits.Length > PyRepr.MostDigits) throw TooManyDigits(digits.Length);

        var number = BigInteger.Parse(digits, CultureInfo.InvariantCulture);
        return plain[0] == '-' ? -number : number;
    }

    public static PyError TooManyDigits(int digits) => PyError.ValueError(
        $"Exceeds the limit ({PyRepr.MostDigits} digits) for integer string conversion: value has {digits} digits; use sys.set_int_max_str_digits() to increase the limit");

    private static BigInteger Truncate(double number)
    {
        if (double.IsNaN(number)) throw PyError.ValueError("cannot convert float NaN to integer");
        if (double.IsInfinity(number)) throw new PyError("OverflowError", "cannot convert float infinity to integer");
        return new BigInteger(number);
    }

    // Digits of any script as ASCII ones, single underscores between digits dropped; null where an underscore stands wrong.
    private static string? Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '_')
            {
                if (i == 0 || i + 1 == text.Length || !char.IsDigit(text[i - 1]) || !char.IsDigit(text[i + 1])) return null;
            }
            else if (char.IsDigit(text[i]))
            {
                plain.Append((char)('0' + (int)CharUnicodeInfo.GetNumericValue(text[i])));
            }
            else
            {
                plain.Append(text[i]);
            }
        }

        return plain.ToString();
    }
}
