using System.Globalization;
using System.Numerics;
using System.Text;

namespace SandQueue.Storage.Journal;

/// <summary>What a JSON number means, exactly: no number type of the machine has all the digits and exponents that JSON takes.</summary>
internal static class JsonNumber
{
    /// <summary>Digits of an exponent that are read. Numbers of longer ones are the same only where they are written the same.</summary>
    private const int LongestExponent = 1000;

    /// <summary>The one form of all numbers of one value: <c>-15e-1</c>, without zeros at either end of the digits.</summary>
    /// <param name="number">A number as JSON writes it.</param>
    public static byte[] Canonical(ReadOnlySpan<byte> number)
    {
        var isNegative = number[0] == '-';
        var rest = isNegative ? number[1..] : number;
        var mark = rest.IndexOfAny((byte)'e', (byte)'E');
        var mantissa = mark < 0 ? rest : rest[..mark];
        var exponent = mark < 0 ? default : rest[(mark + 1)..];
        var point = mantissa.IndexOf((byte)'.');
        byte[] all = point < 0 ? [.. mantissa] : [.. mantissa[..point], .. mantissa[(point + 1)..]];
        var digits = all.AsSpan().Trim((byte)'0');
        if (digits.IsEmpty) return "0"u8.ToArray();

        var sign = exponent.IsEmpty || exponent[0] is not ((byte)'-' or (byte)'+') ? 0 : 1;
        var power = exponent[sign..].TrimStart((byte)'0');
        if (power.Length > LongestExponent) return number.ToArray();

        var written = power.IsEmpty ? BigInteger.Zero : BigInteger.Parse(Encoding.ASCII.GetString(power), NumberStyles.None, CultureInfo.InvariantCulture);
        if (sign == 1 && exponent[0] == '-') written = -written;
        var (fraction, zeros) = (point < 0 ? 0 : mantissa.Length - point - 1, all.Length - all.AsSpan().TrimEnd((byte)'0').Length);
        var exact = Encoding.ASCII.GetBytes((written - fraction + zeros).ToString(CultureInfo.InvariantCulture));
        return [.. isNegative ? "-"u8 : [], .. digits, (byte)'e', .. exact];
    }
}
