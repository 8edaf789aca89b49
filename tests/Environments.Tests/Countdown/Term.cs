using System.Numerics;

namespace SandQueue.Environments.Tests.Countdown;

/// <summary>
/// An expression as a tree: writes itself with the parentheses it needs and some it does not, and calculates itself
/// with fractions that are never reduced.
/// </summary>
internal abstract record Term
{
    /// <summary>Above and below the line, or null where it divides by zero.</summary>
    public abstract (BigInteger Above, BigInteger Below)? Value();

    public abstract IEnumerable<BigInteger> Numbers();

    public string Write(Random style) => Spaced(style) + Written(style) + Spaced(style);

    protected abstract string Written(Random style);

    /// <summary>How tightly it holds together: 1 a sum, 2 a product, 3 what needs no parentheses.</summary>
    protected abstract int Strength { get; }

    protected static string Inside(Term part, int needed, Random style)
    {
        var text = part.Write(style);
        return part.Strength < needed || style.Next(5) == 0 ? $"({text})" : text;
    }

    private static string Spaced(Random style) => style.Next(3) switch { 0 => " ", 1 => "\n", _ => "" };
}

internal sealed record Number(int Whole) : Term
{
    protected override int Strength => 3;

    public override (BigInteger Above, BigInteger Below)? Value() => (Whole, 1);

    public override IEnumerable<BigInteger> Numbers() => [Whole];

    protected override string Written(Random style) => $"{Whole}";
}

internal sealed record Negated(Term Part) : Term
{
    protected override int Strength => 3;

    public override (BigInteger Above, BigInteger Below)? Value() => Part.Value() is var (above, below) ? (-above, below) : null;

    public override IEnumerable<BigInteger> Numbers() => Part.Numbers();

    protected override string Written(Random style) => $"-{Inside(Part, 3, style)}";
}

internal sealed record Operation(char Symbol, Term Left, Term Right) : Term
{
    protected override int Strength => Symbol is '+' or '-' ? 1 : 2;

    public override (BigInteger Above, BigInteger Below)? Value()
    {
        if (Left.Value() is not var (a, b) || Right.Value() is not var (c, d)) return null;
        return Symbol switch
        {
            '+' => (a * d + c * b, b * d),
            '-' => (a * d - c * b, b * d),
            '*' => (a * c, b * d),
            _ => c.IsZero ? null : (a * d, b * c),
        };
    }

    public override IEnumerable<BigInteger> Numbers() => Left.Numbers().Concat(Right.Numbers());

    protected override string Written(Random style) => $"{Inside(Left, Strength, style)}{Symbol}{Inside(Right, Strength + 1, style)}";
}
