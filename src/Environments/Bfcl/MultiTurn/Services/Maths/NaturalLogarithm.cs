using System.Numerics;

namespace SandQueue.Environments.Bfcl.MultiTurn.Services.Maths;

/// <summary>The natural logarithm and pi to any number of bits, in integer arithmetic.</summary>
internal static class NaturalLogarithm
{
    // Bits computed beyond those asked for: a wrong last bit would need as many equal bits in a row.
    private const int Guard = 64;

    /// <summary>
    /// The logarithm of a positive finite number, by Gauss: for a large s it is pi / (2 agm(1, 4/s)), and the powers of
    /// two that make a number large enough are taken off again.
    /// </summary>
    public static BigFloat Of(BigFloat number, int bits)
    {
        var length = (int)number.Mantissa.GetBitLength();
        var magnitude = number.Exponent + length;
        if (number.Mantissa.IsPowerOfTwo && magnitude == 1) return BigFloat.Zero;

        // Close to one the digits in front cancel out.
        var wanted = bits + Guard + (magnitude is 0 or 1 ? length : 0);
        var power = (wanted / 2) + 2 - magnitude;
        var work = wanted + (wanted / 2) + 8;

        // 4/s as a fraction of 2**work, where s = number * 2**power.
        var small = (BigInteger.One << (work + 2 - power - number.Exponent)) / number.Mantissa;
        var logarithm = ((Constants.Pi(work) << work) / (2 * Mean(BigInteger.One << work, small))) - (power * Constants.Ln2(work));
        return new BigFloat(logarithm, -work).Rounded(bits);
    }

    public static BigFloat Pi(int bits) => new BigFloat(Constants.Pi(bits + Guard), -(bits + Guard)).Rounded(bits);

    // The arithmetic-geometric mean; the number of equal digits doubles with each round.
    private static BigInteger Mean(BigInteger a, BigInteger b)
    {
        while (BigInteger.Abs(a - b) > 4) (a, b) = ((a + b) >> 1, IntegerRoot.Of(a * b));
        return (a + b) >> 1;
    }
}
