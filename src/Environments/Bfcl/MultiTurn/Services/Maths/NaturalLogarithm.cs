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
    public static BigFloat Of(BigFloat number, int bits, CancellationToken cancel)
    {
        var length = (int)number.Mantissa.GetBitLength();
        var magnitude = number.Exponent + length;
        if (number.Mantissa.IsPowerOfTwo && magnitude == 1) return BigFloat.Zero;

        // Close to one the digits in front cancel out.
        var wanted = bits + Guard + (magnitude is 0 or 1 ? length : 0);
        var power = (wanted / 2) + 2 - magnitude;

        // 4/s as a binary fraction, where s = number * 2**power; it begins with half of wanted zeros.
        var zeros = (wanted / 2) + 8;
        var small = (BigInteger.One << (wanted + zeros + 2 - power - number.Exponent)) / number.Mantissa;
        var logarithm = ((Constants.Pi(wanted, cancel) << wanted) / (2 * MeanWithOne(small, wanted, zeros, cancel))) - (power * Constants.Ln2(wanted, cancel));
        return new BigFloat(logarithm, -wanted).Rounded(bits);
    }

    public static BigFloat Pi(int bits, CancellationToken cancel) => new BigFloat(Constants.Pi(bits + Guard, cancel), -(bits + Guard)).Rounded(bits);

    // The arithmetic-geometric mean of one and a small number. The number of equal digits doubles with each round, and
    // the small one loses half of its leading zeros, for which the fractions need extra room.
    private static BigInteger MeanWithOne(BigInteger small, int wanted, int zeros, CancellationToken cancel)
    {
        var (a, b) = (BigInteger.One << (wanted + zeros), small);
        while (zeros > 0 || BigInteger.Abs(a - b) > 16)
        {
            cancel.ThrowIfCancellationRequested();
            var shed = (zeros + 1) / 2;
            (a, b) = ((a + b) >> (shed + 1), IntegerRoot.Near(a * b) >> shed);
            zeros -= shed;
        }

        return (a + b) >> 1;
    }
}
