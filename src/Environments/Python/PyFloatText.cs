using System.Globalization;
using System.Numerics;

namespace SandQueue.Environments.Python;

/// <summary>How floats read: the shortest digits that come back as the same number, and exact rounding to a number of places.</summary>
internal static class PyFloatText
{
    /// <summary><c>repr(x)</c>.</summary>
    public static string Repr(double number)
    {
        if (double.IsNaN(number)) return "nan";
        if (double.IsInfinity(number)) return number > 0 ? "inf" : "-inf";
        if (number == 0) return double.IsNegative(number) ? "-0.0" : "0.0";

        var sign = number < 0 ? "-" : "";
        var shortest = Math.Abs(number).ToString("R", CultureInfo.InvariantCulture);
        var (digits, exponent) = Split(shortest.Contains('E', StringComparison.Ordinal) ? shortest : shortest + "E+0");
        return sign + Layout(digits, exponent);
    }

    /// <summary><c>f"{x:.2f}"</c>, ties to even on the exact value.</summary>
    public static string Fixed(double number, int places)
    {
        if (!double.IsFinite(number)) return Repr(number);
        var scaled = Scaled(Math.Abs(number), places).ToString(CultureInfo.InvariantCulture).PadLeft(places + 1, '0');
        return (double.IsNegative(number) ? "-" : "") + scaled[..^places] + "." + scaled[^places..];
    }

    /// <summary><c>round(x, places)</c>.</summary>
    public static double Round(double number, BigInteger places)
    {
        if (!double.IsFinite(number) || number == 0 || places > 323) return number;
        if (places < -308) return 0.0 * number;
        var rounded = double.Parse(
            string.Create(CultureInfo.InvariantCulture, $"{Scaled(Math.Abs(number), (int)places)}E{-places}"),
            CultureInfo.InvariantCulture);
        if (double.IsInfinity(rounded)) throw new PyError("OverflowError", "rounded value too large to represent");
        return number < 0 ? -rounded : rounded;
    }

    /// <summary>A finite float as <c>mantissa * 2**exponent</c>, exactly.</summary>
    public static (BigInteger Mantissa, int Exponent) Parts(double number)
    {
        var bits = BitConverter.DoubleToInt64Bits(number);
        var exponent = (int)((bits >> 52) & 0x7FF);
        var mantissa = bits & 0xFFFFFFFFFFFFF;
        if (exponent == 0) exponent = 1;
        else mantissa |= 1L << 52;
        return (bits < 0 ? -mantissa : mantissa, exponent - 1075);
    }

    /// <summary>A quotient to the nearest integer, ties to even; both are not negative.</summary>
    public static BigInteger DivideToEven(BigInteger dividend, BigInteger divisor)
    {
        var quotient = BigInteger.DivRem(dividend, divisor, out var remainder);
        var half = (remainder << 1).CompareTo(divisor);
        return half > 0 || (half == 0 && !quotient.IsEven) ? quotient + 1 : quotient;
    }

    // number * 10**places as an integer.
    private static BigInteger Scaled(double number, int places)
    {
        var (mantissa, exponent) = Parts(number);
        var above = mantissa * BigInteger.Pow(10, Math.Max(places, 0)) << Math.Max(exponent, 0);
        var below = BigInteger.Pow(10, Math.Max(-places, 0)) << Math.Max(-exponent, 0);
        return DivideToEven(above, below);
    }

    // Digits without a point, and where the point stands after the first digit.
    private static (string Digits, int Exponent) Split(string shortest)
    {
        var e = shortest.IndexOf('E', StringComparison.Ordinal);
        var exponent = int.Parse(shortest.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var point = shortest.AsSpan(0, e).IndexOf('.');
        var whole = point < 0 ? shortest[..e] : shortest[..point];
        var digits = whole + (point < 0 ? "" : shortest[(point + 1)..e]);
        exponent += whole.Length - 1;
        var leading = digits.Length - digits.TrimStart('0').Length;
        return (digits.Trim('0'), exponent - leading);
    }

    private static string Layout(string digits, int exponent)
    {
        if (exponent is < -4 or >= 16)
        {
            var mantissa = digits.Length == 1 ? digits : digits[..1] + "." + digits[1..];
            return string.Create(CultureInfo.InvariantCulture, $"{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
        }

        if (exponent < 0) return "0." + new string('0', -exponent - 1) + digits;
        if (digits.Length <= exponent + 1) return digits.PadRight(exponent + 1, '0') + ".0";
        return digits[..(exponent + 1)] + "." + digits[(exponent + 1)..];
    }
}
