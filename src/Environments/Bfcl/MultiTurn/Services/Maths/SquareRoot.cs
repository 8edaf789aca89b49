using System.Globalization;
using System.Numerics;
using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.MultiTurn.Services.Maths;

/// <summary>A square root to any number of digits. The original computes with <c>decimal.Decimal</c>, and shows one.</summary>
internal static class SquareRoot
{
    public static PyDict Of(PyValue number, PyValue precision, CancellationToken cancel)
    {
        if (!PyNumber.IsNumber(number)) return WrongInput();
        if (PyOrder.Less(number, 0)) return new PyDict(("error", "Cannot calculate square root of a negative number"));
        if (PyNumber.AsInteger(precision) is not { } digits) return WrongInput();
        if (digits > long.MaxValue || digits < long.MinValue) throw new PyError("OverflowError", "Python int too large to convert to C ssize_t");
        if (digits < 1 || digits > 999_999_999_999_999_999) throw PyError.ValueError("valid range for prec is [1, MAX_PREC]");
        if (digits > MathApi.MostDigits) throw MathApi.TooPrecise();
        return MathApi.Result(new PyShown("Decimal", $"Decimal('{Root(number, (int)digits, cancel)}')"));
    }

    private static PyDict WrongInput() => new(("error", "Input must be a number or computation resulted in an invalid operation"));

    private static string Root(PyValue number, int digits, CancellationToken cancel)
    {
        if (number is PyFloat real)
        {
            if (double.IsNaN(real.Number)) return "NaN";
            if (double.IsInfinity(real.Number)) return "Infinity";
            if (real.Number == 0) return double.IsNegative(real.Number) ? "-0" : "0";
        }

        var (coefficient, exponent) = Exact(number);
        return coefficient.IsZero ? "0" : Root(coefficient, exponent, digits, cancel);
    }

    // Any int or float is a whole number times a power of ten, exactly; Decimal writes a float with as few places as it can.
    private static (BigInteger Coefficient, int Exponent) Exact(PyValue number)
    {
        if (PyNumber.AsInteger(number) is { } whole) return (whole, 0);
        var (mantissa, binary) = PyFloatText.Parts(((PyFloat)number).Number);
        if (binary >= 0) return (mantissa << binary, 0);
        var even = (int)Math.Min((long)BigInteger.TrailingZeroCount(mantissa), -binary);
        return ((mantissa >> even) * BigInteger.Pow(5, -binary - even), binary + even);
    }

    private static string Root(BigInteger coefficient, int exponent, int digits, CancellationToken cancel)
    {
        // An exact root has half the exponent, and no more digits than it needs.
        var ideal = exponent >> 1;
        var scaled = exponent % 2 == 0 ? coefficient : coefficient * 10;
        var exact = IntegerRoot.Of(scaled);
        if (exact * exact == scaled && Length(exact) <= digits) return Shown(exact, ideal);

        // One digit more than asked for, and a last one that says whether anything follows.
        var shift = Math.Max(digits + 2 - Length(exact), 0);
        cancel.ThrowIfCancellationRequested();
        var wide = scaled * BigInteger.Pow(100, shift);
        var root = IntegerRoot.Of(wide);
        cancel.ThrowIfCancellationRequested();
        var (rounded, place) = (root * 10, ideal - shift - 1);
        if (root * root != wide) rounded += 1;
        var excess = Length(rounded) - digits;
        rounded = PyFloatText.DivideToEven(rounded, BigInteger.Pow(10, excess));
        place += excess;
        if (Length(rounded) > digits) (rounded, place) = (rounded / 10, place + 1);
        return Shown(rounded, place);
    }

    private static int Length(BigInteger number) => number.ToString(CultureInfo.InvariantCulture).Length;

    private static string Shown(BigInteger coefficient, int exponent)
    {
        var digits = coefficient.ToString(CultureInfo.InvariantCulture);
        var adjusted = exponent + digits.Length - 1;
        if (exponent <= 0 && adjusted >= -6)
        {
            if (exponent == 0) return digits;
            var padded = digits.PadLeft(-exponent + 1, '0');
            return $"{padded[..^-exponent]}.{padded[^-exponent..]}";
        }

        var point = digits.Length > 1 ? $"{digits[..1]}.{digits[1..]}" : digits;
        return string.Create(CultureInfo.InvariantCulture, $"{point}E{(adjusted < 0 ? "" : "+")}{adjusted}");
    }
}
