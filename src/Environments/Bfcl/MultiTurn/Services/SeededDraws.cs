using System.Numerics;
using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.MultiTurn.Services;

/// <summary>
/// A service's <c>random.Random(seed)</c> as a seed and a position. The generator itself is 2.5 KB; episodes draw a
/// handful of numbers, so each draw seeds one again and skips what was drawn before.
/// </summary>
internal readonly record struct SeededDraws(long Seed, int WordsDrawn = 0)
{
    /// <summary><c>randint(low, high)</c>, and the draws that remain.</summary>
    public (long Value, SeededDraws Next) RandInt(long low, long high)
    {
        var width = (ulong)(high - low) + 1;
        var bits = 64 - BitOperations.LeadingZeroCount(width);
        var words = WordsDrawn;
        var random = At(words);
        ulong drawn;
        do
        {
            drawn = random.GetRandBits(bits);
            words += bits <= 32 ? 1 : 2;
        }
        while (drawn >= width);
        return (low + (long)drawn, this with { WordsDrawn = words });
    }

    /// <summary><c>uniform(low, high)</c>, and the draws that remain.</summary>
    public (double Value, SeededDraws Next) Uniform(double low, double high) =>
        (At(WordsDrawn).Uniform(low, high), this with { WordsDrawn = WordsDrawn + 2 });

    private PythonRandom At(int words)
    {
        var random = new PythonRandom(Seed);
        for (var i = 0; i < words; i++) random.GetRandBits(32);
        return random;
    }
}
