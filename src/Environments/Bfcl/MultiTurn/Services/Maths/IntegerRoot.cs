using System.Numerics;

namespace SandQueue.Environments.Bfcl.MultiTurn.Services.Maths;

/// <summary>Square roots of integers.</summary>
internal static class IntegerRoot
{
    /// <summary>The integer part of the root.</summary>
    public static BigInteger Of(BigInteger number)
    {
        var root = Near(number);
        while (root * root > number) root--;
        while ((root + 1) * (root + 1) <= number) root++;
        return root;
    }

    /// <summary>The root, wrong by a few at most.</summary>
    public static BigInteger Near(BigInteger number)
    {
        var length = (int)number.GetBitLength();
        if (length <= 50) return (long)Math.Sqrt((double)(long)number);

        // The root of the upper half of the digits has half the digits right; one step of Newton's gives the rest.
        var quarter = (length / 4) - 2;
        var root = Near(number >> (2 * quarter)) << quarter;
        return (root + (number / root)) >> 1;
    }
}
