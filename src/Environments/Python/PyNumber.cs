using System.Numerics;

namespace SandQueue.Environments.Python;

/// <summary>What the number types share: a bool counts as an int, and an int meets a float without losing digits where they compare.</summary>
internal static class PyNumber
{
    public static bool IsNumber(PyValue value) => value is PyInt or PyFloat or PyBool;

    /// <summary>The value as an int, where it is one (or a bool).</summary>
    public static BigInteger? AsInteger(PyValue value) => value switch
    {
        PyInt number => number.Number,
        PyBool flag => flag.Truthy ? BigInteger.One : BigInteger.Zero,
        _ => null,
    };

    /// <summary>A number as a float, as arithmetic converts it.</summary>
    /// <exception cref="PyError">The int is too large.</exception>
    public static double AsFloat(PyValue number) => number is PyFloat real ? real.Number : ToFloat(AsInteger(number)!.Value);

    /// <summary>The nearest float, ties to even; the base library's own conversion cuts digits off.</summary>
    public static double ToFloat(BigInteger number)
    {
        var excess = (int)(BigInteger.Abs(number).GetBitLength() - 64);
        if (excess <= 0) return number.Sign < 0 ? -(double)(ulong)-number : (double)(ulong)number;

        var magnitude = BigInteger.Abs(number);
        var kept = (ulong)(magnitude >> excess);
        // The lowest bit kept says whether anything was cut off, so that a tie is told from a near tie.
        if (!(magnitude & ((BigInteger.One << excess) - 1)).IsZero) kept |= 1;
        var value = excess > 2000 ? double.PositiveInfinity : Math.ScaleB((double)kept, excess);
        if (double.IsInfinity(value)) throw new PyError("OverflowError", "int too large to convert to float");
        return number.Sign < 0 ? -value : value;
    }

    /// <summary>Their order; null where one is not a number.</summary>
    public static int? Compare(PyValue left, PyValue right)
    {
        if (AsInteger(left) is { } a)
        {
            return AsInteger(right) is { } b ? a.CompareTo(b) : -Compare(((PyFloat)right).Number, a);
        }

        var real = ((PyFloat)left).Number;
        if (AsInteger(right) is { } whole) return Compare(real, whole);
        var other = ((PyFloat)right).Number;
        return double.IsNaN(real) || double.IsNaN(other) ? null : real.CompareTo(other);
    }

    private static int? Compare(double real, BigInteger whole)
    {
        if (double.IsNaN(real)) return null;
        if (double.IsInfinity(real)) return real > 0 ? 1 : -1;
        var floor = Math.Floor(real);
        var order = new BigInteger(floor).CompareTo(whole);
        return order == 0 && real > floor ? 1 : order;
    }
}
