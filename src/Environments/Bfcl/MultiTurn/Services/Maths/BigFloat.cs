using System.Globalization;
using System.Numerics;
using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.MultiTurn.Services.Maths;

/// <summary>
/// A binary floating-point number of any precision, written as mpmath writes its <c>mpf</c>: the maths service answers
/// with such numbers. Not a finite number where <see cref="Special"/> says what it is.
/// </summary>
/// <param name="Mantissa">An integer of any sign.</param>
/// <param name="Exponent">The power of two it is multiplied with.</param>
/// <param name="Special">An infinity or NaN; 0 for a number.</param>
internal readonly record struct BigFloat(BigInteger Mantissa, int Exponent, double Special = 0)
{
    private static readonly double DigitsPerBit = Math.Log(10, 2);

    public static BigFloat Zero => default;

    public static BigFloat NaN => new(0, 0, double.NaN);

    public bool IsFinite => Special == 0;

    public bool IsZero => IsFinite && Mantissa.IsZero;

    public int Sign => IsFinite ? Mantissa.Sign : double.IsNaN(Special) ? 0 : Math.Sign(Special);

    public static BigFloat Of(double number)
    {
        if (!double.IsFinite(number)) return new BigFloat(0, 0, number);
        var (mantissa, exponent) = PyFloatText.Parts(number);
        return new BigFloat(mantissa, exponent);
    }

    public static BigFloat operator -(BigFloat value) => new(-value.Mantissa, value.Exponent, -value.Special);

    public static BigFloat operator *(BigFloat left, BigFloat right)
    {
        if (left.IsFinite && right.IsFinite) return new BigFloat(left.Mantissa * right.Mantissa, left.Exponent + right.Exponent);
        return left.Sign * right.Sign == 0 ? NaN : new BigFloat(0, 0, left.Sign * right.Sign * double.PositiveInfinity);
    }

    public static BigFloat operator +(BigFloat left, BigFloat right)
    {
        if (!left.IsFinite || !right.IsFinite)
        {
            return new BigFloat(0, 0, (left.IsFinite ? 0 : left.Special) + (right.IsFinite ? 0 : right.Special));
        }

        var exponent = Math.Min(left.Exponent, right.Exponent);
        return new BigFloat((left.Mantissa << (left.Exponent - exponent)) + (right.Mantissa << (right.Exponent - exponent)), exponent);
    }

    /// <exception cref="PyError">The divisor is zero.</exception>
    public static BigFloat Divide(BigFloat dividend, BigFloat divisor, int bits)
    {
        // mpmath raises this without any text.
        if (divisor.IsZero) throw new PyError("ZeroDivisionError", "");
        if (dividend.IsZero) return double.IsNaN(divisor.Special) ? NaN : Zero;
        if (!dividend.IsFinite && !divisor.IsFinite) return NaN;
        if (!dividend.IsFinite) return new BigFloat(0, 0, dividend.Special * divisor.Sign);
        if (!divisor.IsFinite) return double.IsNaN(divisor.Special) ? NaN : Zero;

        var shift = (int)Math.Max(bits + 4 - BigInteger.Abs(dividend.Mantissa).GetBitLength() + BigInteger.Abs(divisor.Mantissa).GetBitLength(), 0);
        var quotient = BigInteger.DivRem(BigInteger.Abs(dividend.Mantissa) << shift, BigInteger.Abs(divisor.Mantissa), out var rest);
        // What was cut off still decides how to round.
        if (!rest.IsZero) quotient = (quotient << 1) | 1;
        var exponent = dividend.Exponent - divisor.Exponent - shift - (rest.IsZero ? 0 : 1);
        return new BigFloat(dividend.Sign * divisor.Sign * quotient, exponent).Rounded(bits);
    }

    /// <summary>To the nearest number of that many bits, ties to even.</summary>
    public BigFloat Rounded(int bits)
    {
        var excess = (int)(BigInteger.Abs(Mantissa).GetBitLength() - bits);
        if (excess <= 0) return this;
        return new BigFloat(Mantissa.Sign * PyFloatText.DivideToEven(BigInteger.Abs(Mantissa), BigInteger.One << excess), Exponent + excess);
    }

    /// <summary>Cut to that many bits.</summary>
    public BigFloat Truncated(int bits)
    {
        var excess = (int)(BigInteger.Abs(Mantissa).GetBitLength() - bits);
        return excess <= 0 ? this : new BigFloat(Mantissa.Sign * (BigInteger.Abs(Mantissa) >> excess), Exponent + excess);
    }

    /// <summary>The decimal text with up to so many digits: cut three digits further on, then rounded half up, as mpmath does.</summary>
    public string Shown(int digits)
    {
        if (!IsFinite) return double.IsNaN(Special) ? "nan" : Special > 0 ? "+inf" : "-inf";
        if (Mantissa.IsZero) return "0.0";

        var (written, exponent) = Decimals(BigInteger.Abs(Mantissa), digits + 3);
        (written, exponent) = RoundHalfUp(written, exponent, digits);
        var lowest = Math.Min(-(digits / 3), -5);
        var shownExponent = 0;
        var split = 1;
        if (exponent > lowest && exponent < digits)
        {
            if (exponent < 0) written = new string('0', -exponent) + written;
            else split = exponent + 1;
        }
        else
        {
            shownExponent = exponent;
        }

        var text = $"{written[..split]}.{written[split..]}".TrimEnd('0');
        if (text.EndsWith('.')) text += "0";
        var tail = shownExponent == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"e{(shownExponent > 0 ? "+" : "")}{shownExponent}");
        return (Mantissa.Sign < 0 ? "-" : "") + text + tail;
    }

    private (string Digits, int Exponent) Decimals(BigInteger magnitude, int digits)
    {
        var even = (int)(magnitude.IsZero ? 0 : BigInteger.TrailingZeroCount(magnitude));
        var (mantissa, binary) = (magnitude >> even, Exponent + even);
        var bits = (int)(digits * DigitsPerBit) + 10;
        var fixedBits = Math.Max(bits - binary - (int)mantissa.GetBitLength(), 0);
        var places = (int)((fixedBits / DigitsPerBit) + 0.5);
        var scaled = fixedBits + binary >= 0 ? mantissa << (fixedBits + binary) : mantissa >> -(fixedBits + binary);
        var written = ((scaled * BigInteger.Pow(10, places)) >> fixedBits).ToString(CultureInfo.InvariantCulture);
        return (written, written.Length - places - 1);
    }

    private static (string Digits, int Exponent) RoundHalfUp(string written, int exponent, int digits)
    {
        if (written.Length <= digits || written[digits] < '5') return (written[..Math.Min(digits, written.Length)], exponent);
        var raised = (BigInteger.Parse(written.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture);
        return raised.Length > digits ? (raised[..digits], exponent + 1) : (raised, exponent);
    }
}
