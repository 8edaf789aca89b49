using System.Numerics;

namespace SandQueue.Environments.Bfcl.MultiTurn.Services.Maths;

/// <summary>Pi and the logarithm of two as fractions of a power of two, from formulas of Machin's kind.</summary>
internal static class Constants
{
    // With a margin, so that a few more bits are mostly there already.
    private const int Margin = 256;

    private static Known _pi = new(0, 0);
    private static Known _ln2 = new(0, 0);

    public static BigInteger Pi(int bits, CancellationToken cancel) => Get(ref _pi, bits, work =>
        (16 * InverseTangent(5, work, hyperbolic: false, cancel)) - (4 * InverseTangent(239, work, hyperbolic: false, cancel)));

    public static BigInteger Ln2(int bits, CancellationToken cancel) => Get(ref _ln2, bits, work =>
        (18 * InverseTangent(26, work, hyperbolic: true, cancel))
        - (2 * InverseTangent(4801, work, hyperbolic: true, cancel))
        + (8 * InverseTangent(8749, work, hyperbolic: true, cancel)));

    // The most bits computed so far serve everyone who asks for fewer.
    private static BigInteger Get(ref Known known, int bits, Func<int, BigInteger> compute)
    {
        var found = Volatile.Read(ref known);
        if (found.Bits < bits)
        {
            found = new Known(bits + Margin, compute(bits + Margin));
            Volatile.Write(ref known, found);
        }

        return found.Value >> (found.Bits - bits);
    }

    // The inverse tangent of 1/n is the sum of 1 / ((2k+1) n**(2k+1)), with alternating signs where it is not hyperbolic.
    private static BigInteger InverseTangent(int n, int bits, bool hyperbolic, CancellationToken cancel)
    {
        var work = bits + 32;
        var terms = (int)(work / (2 * Math.Log2(n))) + 2;
        var (numerator, power, odds) = Sum(0, terms, n * (long)n, hyperbolic, cancel);
        return ((numerator << work) / (power * odds * n)) >> 32;
    }

    // The terms from one place to another, with n taken out once, as numerator / (power * odds): halves are added as
    // fractions, so that the large numbers meet only at the end.
    private static (BigInteger Numerator, BigInteger Power, BigInteger Odds) Sum(int from, int to, long square, bool hyperbolic, CancellationToken cancel)
    {
        if (to - from == 1) return (hyperbolic || from % 2 == 0 ? square : -square, square, (2 * from) + 1);
        var middle = (from + to) / 2;
        var low = Sum(from, middle, square, hyperbolic, cancel);
        var high = Sum(middle, to, square, hyperbolic, cancel);
        cancel.ThrowIfCancellationRequested();
        return ((low.Numerator * high.Power * high.Odds) + (high.Numerator * low.Odds), low.Power * high.Power, low.Odds * high.Odds);
    }

    private sealed record Known(int Bits, BigInteger Value);
}
