using System.Numerics;

namespace SandQueue.Environments.Bfcl.MultiTurn.Services.Maths;

/// <summary>Pi and the logarithm of two as fractions of a power of two, from formulas of Machin's kind.</summary>
internal static class Constants
{
    public static BigInteger Pi(int bits) => (16 * InverseTangent(5, bits, hyperbolic: false)) - (4 * InverseTangent(239, bits, hyperbolic: false));

    public static BigInteger Ln2(int bits) =>
        (18 * InverseTangent(26, bits, hyperbolic: true))
        - (2 * InverseTangent(4801, bits, hyperbolic: true))
        + (8 * InverseTangent(8749, bits, hyperbolic: true));

    // The inverse tangent of 1/n is the sum of 1 / ((2k+1) n**(2k+1)), with alternating signs where it is not hyperbolic.
    private static BigInteger InverseTangent(int n, int bits, bool hyperbolic)
    {
        var work = bits + 32;
        var terms = (int)(work / (2 * Math.Log2(n))) + 2;
        var (numerator, power, odds) = Sum(0, terms, n * (long)n, hyperbolic);
        return ((numerator << work) / (power * odds * n)) >> 32;
    }

    // The terms from one place to another, with n taken out once, as numerator / (power * odds): halves are added as
    // fractions, so that the large numbers meet only at the end.
    private static (BigInteger Numerator, BigInteger Power, BigInteger Odds) Sum(int from, int to, long square, bool hyperbolic)
    {
        if (to - from == 1) return (hyperbolic || from % 2 == 0 ? square : -square, square, (2 * from) + 1);
        var middle = (from + to) / 2;
        var low = Sum(from, middle, square, hyperbolic);
        var high = Sum(middle, to, square, hyperbolic);
        return ((low.Numerator * high.Power * high.Odds) + (high.Numerator * low.Odds), low.Power * high.Power, low.Odds * high.Odds);
    }
}
