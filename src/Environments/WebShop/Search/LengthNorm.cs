using System.Numerics;

namespace SandQueue.Environments.WebShop.Search;

/// <summary>
/// The length of a document in one byte, as Lucene keeps it: exact below 40, then with four significant bits. Ranking
/// uses the length that comes back.
/// </summary>
internal static class LengthNorm
{
    // As many small lengths as codes are left over when the longest possible length has one.
    private const int Exact = 24;

    public static byte Encode(int length) => (byte)(length < Exact ? length : Exact + EncodeFloat((uint)(length - Exact)));

    public static int Decode(byte code) => code < Exact ? code : Exact + DecodeFloat(code - Exact);

    private static int EncodeFloat(uint value)
    {
        var bits = 32 - BitOperations.LeadingZeroCount(value);
        if (bits < 4) return (int)value;
        var shift = bits - 4;
        return (int)((value >> shift) & 7) | ((shift + 1) << 3);
    }

    private static int DecodeFloat(int code)
    {
        var shift = (code >> 3) - 1;
        return shift < 0 ? code & 7 : ((code & 7) | 8) << shift;
    }
}
