using System.Numerics;

namespace SandQueue.Environments.Bfcl.MultiTurn.Services.Maths;

/// <summary>The natural logarithm and pi to any number of bits, in integer arithmetic.</summary>
internal static class NaturalLogarithm
{
    // Bits computed beyond those asked for: a wrong last bit would need as many equal bits in a row.
    private const int Guard = 64;

    /// <summary>The logarithm of a positive finite number.</summary>
    public static BigFloat Of(BigFloat number, int bits)
    {
        // number = fraction * 2**power, with the fraction in [0.75, 1.5).
        var length = (int)number.Mantissa.GetBitLength();
        var power = number.Exponent + length - 1;
        var threeHalves = new BigInteger(3) << Math.Max(length - 2, 0);
        if (length > 1 && number.Mantissa >= threeHalves) power++;
        if (number.Mantissa.IsPowerOfTwo && power == 0) return BigFloat.Zero;

        var roots = 8 + (int)Math.Sqrt(bits / 4.0);
        var work = bits + Guard + (2 * roots) + (power == 0 ? length : 0);
        var fraction = (number.Mantissa << work) >> (power - number.Exponent);

        // Each square root halves the logarithm; near one its series ends soon.
        for (var i = 0; i < roots; i++) fraction = IntegerRoot.Of(fraction << work);
        var one = BigInteger.One << work;
        var logarithm = InverseTangent(((fraction - one) << work) / (fraction + one), work, hyperbolic: true) << (roots + 1);
        return new BigFloat(logarithm + (power * Ln2(work)), -work).Rounded(bits);
    }

    /// <summary>Pi, by Machin's formula.</summary>
    public static BigFloat Pi(int bits)
    {
        var work = bits + Guard;
        var one = BigInteger.One << work;
        var pi = (16 * InverseTangent(one / 5, work, hyperbolic: false)) - (4 * InverseTangent(one / 239, work, hyperbolic: false));
        return new BigFloat(pi, -work).Rounded(bits);
    }

    private static BigInteger Ln2(int work)
    {
        var one = BigInteger.One << work;
        return (18 * InverseTangent(one / 26, work, hyperbolic: true))
            - (2 * InverseTangent(one / 4801, work, hyperbolic: true))
            + (8 * InverseTangent(one / 8749, work, hyperbolic: true));
    }

    // x + x^3/3 + x^5/5 + …, with alternating signs where it is not the hyperbolic one.
    private static BigInteger InverseTangent(BigInteger x, int work, bool hyperbolic)
    {
        var square = (x * x) >> work;
        if (!hyperbolic) square = -square;
        var (sum, term) = (x, x);
        for (var divisor = 3; !term.IsZero; divisor += 2)
        {
            term = (term * square) / (BigInteger.One << work);
            sum += term / divisor;
        }

        return sum;
    }
}
