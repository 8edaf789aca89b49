using System.Numerics;

namespace SandQueue.FaultRuns.Models;

/// <summary>An exact value; without one after a division by zero.</summary>
internal readonly record struct Fraction(BigInteger Above, BigInteger Below)
{
    public static Fraction Whole(int number) => new(number, 1);

    /// <summary>Calculates what has parentheses around every operation: <c>((1 + 2) * 3)</c>.</summary>
    public static Fraction? Calculate(string expression)
    {
        var position = 0;
        return Read(expression, ref position);
    }

    private static Fraction? Read(string text, ref int position)
    {
        if (text[position] != '(')
        {
            var start = position;
            while (position < text.Length && char.IsAsciiDigit(text[position])) position++;
            return new Fraction(BigInteger.Parse(text.AsSpan(start, position - start), System.Globalization.CultureInfo.InvariantCulture), 1);
        }

        position++;
        var left = Read(text, ref position);
        var operation = text[position + 1];
        position += 3;
        var right = Read(text, ref position);
        position++;
        return left is { } one && right is { } other ? Combine(one, operation, other) : null;
    }

    private static Fraction? Combine(Fraction left, char operation, Fraction right) => operation switch
    {
        '+' => Reduced(left.Above * right.Below + right.Above * left.Below, left.Below * right.Below),
        '-' => Reduced(left.Above * right.Below - right.Above * left.Below, left.Below * right.Below),
        '*' => Reduced(left.Above * right.Above, left.Below * right.Below),
        _ => right.Above.IsZero ? null : Reduced(left.Above * right.Below, left.Below * right.Above),
    };

    private static Fraction Reduced(BigInteger above, BigInteger below)
    {
        var common = BigInteger.GreatestCommonDivisor(above, below) * below.Sign;
        return new Fraction(above / common, below / common);
    }
}
