using System.Numerics;
using System.Text.RegularExpressions;
using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.MultiTurn.Services.Maths;

/// <summary>A logarithm to any base and precision. The original computes with mpmath, and shows its number types.</summary>
internal static partial class Logarithm
{
    // The pattern tries every place where the two parts could meet.
    private const int LongestComplex = 1000;

    public static PyDict Of(PyValue value, PyValue @base, PyValue precision, CancellationToken cancel)
    {
        try
        {
            var digits = PyNumberText.ToInteger(precision);
            if (digits > MathApi.MostDigits) throw MathApi.TooPrecise();
            var bits = (int)Math.Max(1, Math.Round(((double)digits + 1) * 3.3219280948873626, MidpointRounding.ToEven));
            var logarithm = ComplexLog(Number(value, bits), bits, cancel);
            var quotient = Quotient(logarithm, ComplexLog(Number(@base, bits), bits, cancel), bits);
            cancel.ThrowIfCancellationRequested();
            return MathApi.Result(Shown(quotient, ShownDigits(bits)));
        }
        catch (PyError error)
        {
            return new PyDict(("error", error.Message));
        }
    }

    private static (BigFloat Real, BigFloat? Imaginary) ComplexLog(BigFloat number, int bits, CancellationToken cancel) => number switch
    {
        { IsZero: true } => (BigFloat.Of(double.NegativeInfinity), null),
        { IsFinite: false, Sign: >= 0 } => (number, null),
        { IsFinite: false } => (-number, NaturalLogarithm.Pi(bits, cancel)),
        { Sign: < 0 } => (NaturalLogarithm.Of(-number, bits, cancel), NaturalLogarithm.Pi(bits, cancel)),
        _ => (NaturalLogarithm.Of(number, bits, cancel), null),
    };

    private static (BigFloat Real, BigFloat? Imaginary) Quotient((BigFloat Real, BigFloat? Imaginary) z, (BigFloat Real, BigFloat? Imaginary) w, int bits)
    {
        if (w.Imaginary is not { } d)
        {
            var real = BigFloat.Divide(z.Real, w.Real, bits);
            return (real, z.Imaginary is { } imaginary ? BigFloat.Divide(imaginary, w.Real, bits) : null);
        }

        var (a, c) = (z.Real, w.Real);
        var size = ((c * c) + (d * d)).Truncated(bits + 10);
        if (z.Imaginary is not { } b) return (BigFloat.Divide(c * a, size, bits), BigFloat.Divide(-(d * a), size, bits));
        return (
            BigFloat.Divide(((a * c) + (b * d)).Truncated(bits + 10), size, bits),
            BigFloat.Divide(((b * c) + -(a * d)).Truncated(bits + 10), size, bits));
    }

    private static PyShown Shown((BigFloat Real, BigFloat? Imaginary) number, int digits) => number.Imaginary is { } imaginary
        ? new PyShown("mpc", $"mpc(real='{number.Real.Shown(digits)}', imag='{imaginary.Shown(digits)}')")
        : new PyShown("mpf", $"mpf('{number.Real.Shown(digits)}')");

    private static int ShownDigits(int bits)
    {
        var digits = (int)Math.Max(1, Math.Round((bits / 3.3219280948873626) - 1, MidpointRounding.ToEven));
        return digits == 15 ? 17 : digits + 3;
    }

    private static BigFloat Number(PyValue value, int bits)
    {
        if (PyNumber.AsInteger(value) is { } whole) return new BigFloat(whole, 0);
        if (value is PyFloat real) return BigFloat.Of(real.Number);
        if (value is not PyStr text) throw NotANumber(value);
        if (Written(text.Text, bits) is { } number) return number;
        if (!text.Text.Contains('j', StringComparison.OrdinalIgnoreCase) || text.Text.Length > LongestComplex) throw NotANumber(value);

        var match = Complex().Match(PyText.Lower(text.Text).Replace(" ", "", StringComparison.Ordinal));
        if (!match.Success) throw PyError.NoAttribute(PyValue.None, "group");
        var imaginary = match.Groups["im"].Value.TrimEnd('j');
        throw Written(imaginary, bits) is null ? NotANumber(imaginary) : PyError.ValueError("complex numbers are not supported");
    }

    private static PyError NotANumber(PyValue value) => PyError.TypeError($"cannot create mpf from {PyRepr.Of(value)}");

    // A decimal number or a fraction as text, or null where it is neither.
    private static BigFloat? Written(string text, int bits)
    {
        var plain = PyText.Strip(PyText.Lower(text));
        switch (plain)
        {
            case "inf" or "+inf": return BigFloat.Of(double.PositiveInfinity);
            case "-inf": return BigFloat.Of(double.NegativeInfinity);
            case "nan": return BigFloat.NaN;
        }

        try
        {
            if (plain.Split('/') is [var above, var below])
            {
                var divisor = new BigFloat(PyNumberText.ToInteger(below.TrimEnd('l')), 0);
                return BigFloat.Divide(new BigFloat(PyNumberText.ToInteger(above.TrimEnd('l')), 0), divisor, bits);
            }

            plain = plain.TrimEnd('l');
            if (PyNumberText.TryParseFloat(plain) is null) return null;
            var parts = plain.Split('e');
            var exponent = parts.Length == 2 ? (int)PyNumberText.ToInteger(parts[1]) : 0;
            var point = parts[0].Split('.');
            var places = point.Length == 2 ? point[1].TrimEnd('0') : "";
            var digits = new BigFloat(PyNumberText.ToInteger(point[0] + places), 0);
            exponent -= places.Length;
            if (Math.Abs(exponent) > 100_000) throw PyError.ValueError("exponent is limited to 100000");
            var ten = new BigFloat(BigInteger.Pow(10, Math.Abs(exponent)), 0);
            return exponent >= 0 ? (digits * ten).Rounded(bits) : BigFloat.Divide(digits, ten, bits);
        }
        catch (PyError error) when (error.Type == "ValueError")
        {
            return null;
        }
    }

    [GeneratedRegex(
        @"^\(?(?<re>[\+\-]?\d*(\.\d*)?(e[\+\-]?\d+)?)??(?<im>[\+\-]?\d*(\.\d*)?(e[\+\-]?\d+)?j)?\)?$",
        RegexOptions.CultureInvariant)]
    private static partial Regex Complex();
}
