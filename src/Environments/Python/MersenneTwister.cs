namespace SandQueue.Environments.Python;

/// <summary>MT19937 with the seeding by array of its authors, which is the one CPython uses.</summary>
internal sealed class MersenneTwister
{
    private const int Size = 624;
    private const int Period = 397;

    private readonly uint[] _state = new uint[Size];
    private int _next = Size;

    public void Seed(ReadOnlySpan<uint> key)
    {
        Seed(19650218u);
        var i = 1;
        var j = 0;
        for (var k = Math.Max(Size, key.Length); k > 0; k--)
        {
            _state[i] = (_state[i] ^ (Mixed(i) * 1664525u)) + key[j] + (uint)j;
            i = Following(i);
            j = (j + 1) % key.Length;
        }

        for (var k = Size - 1; k > 0; k--)
        {
            _state[i] = (_state[i] ^ (Mixed(i) * 1566083941u)) - (uint)i;
            i = Following(i);
        }

        _state[0] = 0x80000000u;
        _next = Size;
    }

    /// <summary>The next 32 bits.</summary>
    public uint Next()
    {
        if (_next == Size) Refill();
        var y = _state[_next++];
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c5680u;
        y ^= (y << 15) & 0xefc60000u;
        return y ^ (y >> 18);
    }

    private void Seed(uint seed)
    {
        _state[0] = seed;
        for (var i = 1; i < Size; i++) _state[i] = (1812433253u * Mixed(i)) + (uint)i;
    }

    private uint Mixed(int i) => _state[i - 1] ^ (_state[i - 1] >> 30);

    // Slot 0 only carries the last slot's value into the next round.
    private int Following(int i)
    {
        if (i + 1 < Size) return i + 1;
        _state[0] = _state[Size - 1];
        return 1;
    }

    private void Refill()
    {
        for (var i = 0; i < Size; i++)
        {
            var y = (_state[i] & 0x80000000u) | (_state[(i + 1) % Size] & 0x7fffffffu);
            _state[i] = _state[(i + Period) % Size] ^ (y >> 1) ^ ((y & 1) * 0x9908b0dfu);
        }

        _next = 0;
    }
}
