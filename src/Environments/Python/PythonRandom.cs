using System.Numerics;

namespace SandQueue.Environments.Python;

/// <summary>
/// CPython 3's <c>random.Random</c>, bit for bit (checked against 3.11). Reference environments draw prices, orders and
/// ids from it, so an equal episode needs equal draws in an equal order. Like the original it is not thread-safe.
/// </summary>
internal sealed class PythonRandom
{
    private readonly MersenneTwister _twister = new();

    public PythonRandom(long seed) => Seed(seed);

    /// <summary><c>seed(n)</c> for an integer; its sign is ignored, as there.</summary>
    public void Seed(long seed)
    {
        var magnitude = seed < 0 ? 0UL - (ulong)seed : (ulong)seed;
        var (low, high) = ((uint)magnitude, (uint)(magnitude >> 32));
        _twister.Seed(high == 0 ? [low] : [low, high]);
    }

    /// <summary><c>random()</c>: a float in [0, 1) with 53 bits.</summary>
    public double Random()
    {
        var high = _twister.Next() >> 5;
        var low = _twister.Next() >> 6;
        return ((high * 67108864.0) + low) * (1.0 / 9007199254740992.0);
    }

    /// <summary><c>getrandbits(k)</c> for up to 64 bits; the first word drawn is the lowest.</summary>
    public ulong GetRandBits(int bits)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, 64);
        return bits switch
        {
            0 => 0,
            <= 32 => _twister.Next() >> (32 - bits),
            _ => _twister.Next() | ((ulong)(_twister.Next() >> (64 - bits)) << 32),
        };
    }

    /// <summary><c>randrange(stop)</c>.</summary>
    public long RandRange(long stop) => RandRange(0, stop);

    /// <summary><c>randrange(start, stop, step)</c>.</summary>
    public long RandRange(long start, long stop, long step = 1)
    {
        ArgumentOutOfRangeException.ThrowIfZero(step);
        var width = (Int128)stop - start;
        var count = step > 0 ? (width + step - 1) / step : (width + step + 1) / step;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return (long)(start + ((Int128)step * Below((ulong)count)));
    }

    /// <summary><c>randint(low, high)</c>: both ends are possible.</summary>
    public long RandInt(long low, long high) => RandRange(low, checked(high + 1));

    /// <summary><c>uniform(low, high)</c>.</summary>
    public double Uniform(double low, double high) => low + ((high - low) * Random());

    /// <summary><c>choice(items)</c>.</summary>
    public T Choice<T>(IReadOnlyList<T> items)
    {
        ArgumentOutOfRangeException.ThrowIfZero(items.Count);
        return items[(int)Below((ulong)items.Count)];
    }

    /// <summary><c>choices(items, weights, k=count)</c>: with replacement.</summary>
    public T[] Choices<T>(IReadOnlyList<T> items, int count, IReadOnlyList<double>? weights = null)
    {
        var chosen = new T[count];
        if (weights is null)
        {
            for (var i = 0; i < count; i++) chosen[i] = items[(int)Math.Floor(Random() * items.Count)];
            return chosen;
        }

        ArgumentOutOfRangeException.ThrowIfNotEqual(weights.Count, items.Count);
        var cumulative = new double[weights.Count];
        var total = 0.0;
        for (var i = 0; i < cumulative.Length; i++) cumulative[i] = total += weights[i];
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(total);
        for (var i = 0; i < count; i++) chosen[i] = items[FirstAbove(cumulative, Random() * total)];
        return chosen;
    }

    /// <summary><c>shuffle(items)</c>, in place.</summary>
    public void Shuffle<T>(IList<T> items)
    {
        for (var i = items.Count - 1; i > 0; i--)
        {
            var j = (int)Below((ulong)i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    /// <summary><c>sample(items, k)</c>: without replacement, in the order of the draws.</summary>
    public T[] Sample<T>(IReadOnlyList<T> items, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, items.Count);
        return items.Count <= PoolLimit(count) ? SampleFromPool(items, count) : SampleByRejection(items, count);
    }

    // The original picks its method by the memory either would take, and the two methods draw differently.
    private static double PoolLimit(int count) => 21 + (count > 5 ? Math.Pow(4, Math.Ceiling(Math.Log(count * 3.0) / Math.Log(4))) : 0);

    private T[] SampleFromPool<T>(IReadOnlyList<T> items, int count)
    {
        var pool = items.ToArray();
        var sample = new T[count];
        for (var i = 0; i < count; i++)
        {
            var j = (int)Below((ulong)(pool.Length - i));
            sample[i] = pool[j];
            pool[j] = pool[pool.Length - i - 1];
        }

        return sample;
    }

    private T[] SampleByRejection<T>(IReadOnlyList<T> items, int count)
    {
        var selected = new HashSet<int>();
        var sample = new T[count];
        for (var i = 0; i < count; i++)
        {
            int j;
            do j = (int)Below((ulong)items.Count);
            while (!selected.Add(j));
            sample[i] = items[j];
        }

        return sample;
    }

    private ulong Below(ulong limit)
    {
        var bits = 64 - BitOperations.LeadingZeroCount(limit);
        ulong drawn;
        do drawn = GetRandBits(bits);
        while (drawn >= limit);
        return drawn;
    }

    // bisect_right over all but the last: rounding must not run past the end.
    private static int FirstAbove(double[] cumulative, double value)
    {
        var (low, high) = (0, cumulative.Length - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (value < cumulative[middle]) high = middle;
            else low = middle + 1;
        }

        return low;
    }
}
