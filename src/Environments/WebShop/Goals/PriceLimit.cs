using System.Globalization;
using SandQueue.Environments.Python;

namespace SandQueue.Environments.WebShop.Goals;

/// <summary>The price limit of an instruction: one of the next multiples of ten above the product's price.</summary>
internal static class PriceLimit
{
    /// <summary>What counts as the limit where there is none.</summary>
    public const double None = 1_000_000;

    private const int Highest = 99;
    private const int Candidates = 4;

    /// <summary>Draws a limit, in tens; 0 where the price is too high to have one, and then nothing is drawn.</summary>
    public static byte Draw(double price, PythonRandom random)
    {
        var first = 1;
        while (first <= Highest && first * 10.0 <= price) first++;
        var candidates = Enumerable.Range(first, Math.Min(Candidates, Highest + 1 - first)).ToArray();
        return candidates.Length < 2 ? (byte)0 : (byte)random.Sample(candidates, 2).Max();
    }

    public static double Value(byte tens) => tens == 0 ? None : tens * 10.0;

    /// <summary>How the instruction says it.</summary>
    public static string Text(byte tens) =>
        tens == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", and price lower than {tens * 10.0:F2} dollars");
}
