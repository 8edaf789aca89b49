using System.Numerics;

namespace SandQueue.Environments.Countdown;

/// <summary>An exact fraction in lowest terms. A division by zero gives 0/0, which has no value, and nor has anything made from it.</summary>
internal readonly record struct Rational
{
    private Rational(BigInteger numerator, BigInteger denominator)
    {
        var divisor = BigInteger.GreatestCommonDivisor(numerator, denominator) * (denominator.Sign < 0 ? -1 : 1);
        (Numerator, Denominator) = denominator.IsZero ? (BigInteger.Zero, BigInteger.Zero) : (numerator / divisor, denominator / divisor);
    }

    public BigInteger Numerator { get; }

    public BigInteger Denominator { get; }

    public bool HasValue => !Denominator.IsZero;

    public static implicit operator Rational(BigInteger whole) => new(whole, BigInteger.One);

    public static Rational operator +(Rational left, Rational right) =>
        new(left.Numerator * right.Denominator + right.Numerator * left.Denominator, left.Denominator * right.Denominator);

    public static Rational operator -(Rational left, Rational right) => left + -right;

    public static Rational operator -(Rational value) => new(-value.Numerator, value.Denominator);

    public static Rational operator *(Rational left, Rational right) =>
        new(left.Numerator * right.Numerator, left.Denominator * right.Denominator);

    public static Rational operator /(Rational left, Rational right) =>
        new(left.Numerator * right.Denominator, left.Denominator * right.Numerator);

    public override string ToString() => HasValue ? Denominator.IsOne ? $"{Numerator}" : $"{Numerator}/{Denominator}" : "no value";
}
