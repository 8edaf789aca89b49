using System.Numerics;

namespace SandQueue.Environments.Python;

/// <summary><c>base ** exponent</c>: ints stay exact, a root of a negative number is complex.</summary>
internal static class PyPower
{
    // An int of more decimal digits than this cannot be shown, and showing it is all that can be done with it here.
    private const int MostBits = 15000;

    public static PyValue Power(PyValue left, PyValue right)
    {
        if (!PyNumber.IsNumber(left) || !PyNumber.IsNumber(right))
        {
            throw PyError.TypeError($"unsupported operand type(s) for ** or pow(): '{left.TypeName}' and '{right.TypeName}'");
        }

        if (PyNumber.AsInteger(left) is { } whole && PyNumber.AsInteger(right) is { } times && times.Sign >= 0) return Exact(whole, times);
        return Inexact(PyNumber.AsFloat(left), PyNumber.AsFloat(right));
    }

    private static PyValue Exact(BigInteger number, BigInteger times)
    {
        if (times.IsZero) return 1;
        if (BigInteger.Abs(number) <= 1) return times.IsEven ? number * number : number;
        if (times * (BigInteger.Abs(number).GetBitLength() - 1) > MostBits) throw PyRepr.TooManyDigits();
        return BigInteger.Pow(number, (int)times);
    }

    private static PyValue Inexact(double number, double times)
    {
        if (number == 0 && times < 0) throw new PyError("ZeroDivisionError", "0.0 cannot be raised to a negative power");
        if (number < 0 && double.IsFinite(number) && double.IsFinite(times) && times != Math.Floor(times)) return ComplexRoot(number, times);

        // Unlike the base library, Python gives 1.0 for 1**nan and nan**0 too; so does the C function both call.
        var result = Math.Pow(number, times);
        if (double.IsInfinity(result) && double.IsFinite(number) && double.IsFinite(times))
        {
            throw new PyError("OverflowError", "(34, 'Numerical result out of range')");
        }

        return result;
    }

    private static PyShown ComplexRoot(double number, double times)
    {
        var length = Math.Pow(Math.Abs(number), times);
        if (double.IsInfinity(length)) throw new PyError("OverflowError", "complex exponentiation");
        var phase = Math.Atan2(0.0, number) * times;
        var (real, imaginary) = (length * Math.Cos(phase), length * Math.Sin(phase));
        return new PyShown("complex", $"({Part(real)}{(double.IsNegative(imaginary) ? "" : "+")}{Part(imaginary)}j)");
    }

    private static string Part(double number)
    {
        var text = PyFloatText.Repr(number);
        return text.EndsWith(".0", StringComparison.Ordinal) ? text[..^2] : text;
    }
}
