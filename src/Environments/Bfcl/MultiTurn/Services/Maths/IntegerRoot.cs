using System.Numerics;

namespace SandQueue.Environments.Bfcl.MultiTurn.Services.Maths;

/// <summary>The integer part of a square root.</summary>
internal static class IntegerRoot
{
    public static BigInteger Of(BigInteger number)
    {
        var length = (int)number.GetBitLength();
        if (length <= 50) return (long)Math.Sqrt((double)(long)number);

        // The root of the upper half of the digits has half the digits right; one step of Newton's gives the rest.
        var quarter = length / 4;
        var root = Of(number >> (2 * quarter)) << quarter;
        root = (root + (number / root)) >> 1;
        while (root * root > number) root--;
        while ((root + 1) * (root + 1) <= number) root++;
        return root;
    }
}
