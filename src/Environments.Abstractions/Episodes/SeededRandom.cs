using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SandQueue.Environments.Abstractions.Episodes;

/// <summary>
/// Random numbers that a text decides, the same on every machine and in every release: SplitMix64 (Steele, Lea and
/// Flood 2014) started from the text's SHA-256. <see cref="Random"/> promises its sequence for one version only.
/// </summary>
/// <param name="key">The text: name of the environment, what is drawn, task and seed, as in <c>guess/number/7/42</c>.</param>
public sealed class SeededRandom(string key)
{
    private ulong _state = BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    /// <summary>A whole number from 0 up to, and without, <paramref name="bound"/>, each as likely as the others.</summary>
    public int Below(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        // The high half of a product is uniform once the few lowest values of its low half are drawn again (Lemire 2019).
        var drawnAgain = (0UL - (ulong)bound) % (ulong)bound;
        while (true)
        {
            var high = Math.BigMul(Next(), (ulong)bound, out var low);
            if (low >= drawnAgain) return (int)high;
        }
    }

    /// <summary>Puts the items into an order of its own.</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var last = items.Length - 1; last > 0; last--)
        {
            var other = Below(last + 1);
            (items[last], items[other]) = (items[other], items[last]);
        }
    }

    private ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var mixed = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
