using System.Text.RegularExpressions;

namespace SandQueue.Environments.Bfcl.Checking.Literals;

/// <summary>
/// The part of a text that the benchmark's pattern for arrays of arrays,
/// <c>\[\s*\[.*?\]\s*(,\s*\[.*?\]\s*)*\]</c> or the same inside <c>new Array(…)</c>, matches at its start. By hand: on
/// a backtracking engine hostile text takes exponential time, and .NET's linear engine prefers another match here.
/// </summary>
internal static class ArrayOfArrays
{
    private static readonly Regex Opening = LinearRegex.Of(@"\A(?:\[\s*\[|new\s+Array\(\s*\[)");

    /// <summary>The matched text, or null.</summary>
    public static string? Match(string text)
    {
        if (Opening.Match(text) is not { Success: true } opening) return null;

        var close = text[0] == '[' ? ']' : ')';
        // From the end to the start: where the match ends for one that is inside an inner array at each place, -1 for nowhere.
        var ends = new int[text.Length + 2];
        Array.Fill(ends, -1);
        for (var i = text.Length - 1; i >= opening.Length; i--)
        {
            ends[i] = text[i] switch
            {
                '\n' => -1,
                ']' when EndAfterInner(text, i + 1, close, ends) is var end and >= 0 => end,
                _ => ends[i + 1],
            };
        }

        return ends[opening.Length] < 0 ? null : text[..ends[opening.Length]];
    }

    private static int EndAfterInner(string text, int at, char close, int[] ends)
    {
        at = Blanks.After(text, at);
        if (at == text.Length) return -1;
        if (text[at] == close) return at + 1;
        if (text[at] != ',') return -1;

        at = Blanks.After(text, at + 1);
        return at < text.Length && text[at] == '[' ? ends[at + 1] : -1;
    }
}
