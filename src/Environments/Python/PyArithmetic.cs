using System.Numerics;

namespace SandQueue.Environments.Python;

/// <summary><c>+ - * /</c>, <c>abs</c>, <c>round</c> and <c>sum</c> over any two values, with Python's complaints.</summary>
internal static class PyArithmetic
{
    /// <param name="left">The left operand.</param>
    /// <param name="right">The right operand.</param>
    /// <param name="symbol">How the complaint writes the operator: <c>+</c> or <c>+=</c>.</param>
    public static PyValue Add(PyValue left, PyValue right, string symbol = "+")
    {
        switch (left, right)
        {
            case (PyStr a, PyStr b): return a.Text + b.Text;
            case (PyList a, PyList b): return a.Extend(b.Items);
            case (PyTuple a, PyTuple b): return new PyTuple([.. a.Items, .. b.Items]);
            case (PyStr or PyList or PyTuple, _):
                throw PyError.TypeError($"can only concatenate {left.TypeName} (not \"{right.TypeName}\") to {left.TypeName}");
            default: return Numbers(left, right, symbol, (a, b) => a + b, (a, b) => a + b);
        }
    }

    public static PyValue Subtract(PyValue left, PyValue right, string symbol = "-") =>
        left is PySet known && right is PySet taken
            ? new PySet([.. known.Items.Where(item => !taken.Contains(item))])
            : Numbers(left, right, symbol, (a, b) => a - b, (a, b) => a - b);

    public static PyValue Multiply(PyValue left, PyValue right)
    {
        if (left is PyStr or PyList or PyTuple) return Repeat(left, right);
        if (right is PyStr or PyList or PyTuple) return Repeat(right, left);
        return Numbers(left, right, "*", (a, b) => a * b, (a, b) => a * b);
    }

    public static PyValue Divide(PyValue left, PyValue right)
    {
        RequireNumbers(left, right, "/");
        if (PyNumber.AsInteger(left) is { } a && PyNumber.AsInteger(right) is { } b)
        {
            return b.IsZero ? throw DivisionByZero("division by zero") : Ratio(a, b);
        }

        var (dividend, divisor) = (PyNumber.AsFloat(left), PyNumber.AsFloat(right));
        return divisor == 0 ? throw DivisionByZero("float division by zero") : dividend / divisor;
    }

    public static PyValue Abs(PyValue value) => value switch
    {
        PyFloat number => Math.Abs(number.Number),
        _ when PyNumber.AsInteger(value) is { } number => BigInteger.Abs(number),
        _ => throw PyError.TypeError($"bad operand type for abs(): '{value.TypeName}'"),
    };

    /// <summary><c>round(value, places)</c>; without places a float becomes an int.</summary>
    public static PyValue Round(PyValue value, PyValue places)
    {
        if (!PyNumber.IsNumber(value)) throw PyError.TypeError($"type {value.TypeName} doesn't define __round__ method");
        var whole = PyNumber.AsInteger(value);
        if (places is PyNone) return whole ?? RoundToInteger(((PyFloat)value).Number);
        var wanted = PyNumber.AsInteger(places)
            ?? throw PyError.TypeError($"'{places.TypeName}' object cannot be interpreted as an integer");
        return whole is { } number ? RoundInteger(number, wanted) : PyFloatText.Round(((PyFloat)value).Number, wanted);
    }

    /// <summary><c>sum(items)</c>: from the left, as CPython does before 3.12.</summary>
    public static PyValue Sum(PyValue items) => PyContainer.Iterate(items).Aggregate((PyValue)0, (total, item) => Add(total, item));

    private static PyValue Numbers(
        PyValue left,
        PyValue right,
        string symbol,
        Func<BigInteger, BigInteger, BigInteger> integers,
        Func<double, double, double> floats)
    {
        RequireNumbers(left, right, symbol);
        return PyNumber.AsInteger(left) is { } a && PyNumber.AsInteger(right) is { } b
            ? integers(a, b)
            : floats(PyNumber.AsFloat(left), PyNumber.AsFloat(right));
    }

    private static void RequireNumbers(PyValue left, PyValue right, string symbol)
    {
        if (PyNumber.IsNumber(left) && PyNumber.IsNumber(right)) return;
        throw PyError.TypeError($"unsupported operand type(s) for {symbol}: '{left.TypeName}' and '{right.TypeName}'");
    }

    private static PyValue Repeat(PyValue sequence, PyValue times)
    {
        var count = PyNumber.AsInteger(times)
            ?? throw PyError.TypeError($"can't multiply sequence by non-int of type '{times.TypeName}'");
        if (count * PyContainer.Length(sequence) > 1_000_000) throw new PyError("MemoryError", "");
        var repeated = Enumerable.Repeat(sequence, (int)BigInteger.Max(count, 0));
        return sequence switch
        {
            PyStr text => string.Concat(repeated.Select(_ => text.Text)),
            PyList list => PyList.Of(repeated.SelectMany(_ => list.Items)),
            _ => new PyTuple([.. repeated.SelectMany(_ => ((PyTuple)sequence).Items)]),
        };
    }

    // The nearest float to the exact quotient, ties to even.
    private static double Ratio(BigInteger dividend, BigInteger divisor)
    {
        var negative = dividend.Sign < 0 != divisor.Sign < 0;
        var (a, b) = (BigInteger.Abs(dividend), BigInteger.Abs(divisor));
        var shift = (int)Math.Max(66 + b.GetBitLength() - a.GetBitLength(), 0);
        var quotient = BigInteger.DivRem(a << shift, b, out var remainder);
        if (!remainder.IsZero) quotient |= 1;
        if (quotient.GetBitLength() - shift > 1024) throw new PyError("OverflowError", "integer division result too large for a float");
        var value = Math.ScaleB(PyNumber.ToFloat(quotient), -shift);
        return negative ? -value : value;
    }

    private static BigInteger RoundToInteger(double number)
    {
        if (double.IsNaN(number)) throw PyError.ValueError("cannot convert float NaN to integer");
        if (double.IsInfinity(number)) throw new PyError("OverflowError", "cannot convert float infinity to integer");
        return new BigInteger(Math.Round(number, MidpointRounding.ToEven));
    }

    private static BigInteger RoundInteger(BigInteger number, BigInteger places)
    {
        if (places >= 0) return number;
        if (-places > number.GetBitLength()) return BigInteger.Zero;
        var unit = BigInteger.Pow(10, (int)-places);
        return number.Sign * PyFloatText.DivideToEven(BigInteger.Abs(number), unit) * unit;
    }

    private static PyError DivisionByZero(string message) => new("ZeroDivisionError", message);
}
