using System.Globalization;

namespace SandQueue.Environments.WebShop.Search;

/// <summary>The class of every code point, read once from the table beside this file.</summary>
internal static class WordBreakTable
{
    private const string Resource = "SandQueue.Environments.WebShop.Search.word-break.txt";

    private static readonly WordBreakClass[] Basic = new WordBreakClass[0x10000];
    private static readonly List<(int First, int Last, WordBreakClass Class)> Supplementary = [];

    static WordBreakTable()
    {
        using var lines = new StreamReader(typeof(WordBreakTable).Assembly.GetManifestResourceStream(Resource)!);
        while (lines.ReadLine() is { } line)
        {
            if (line.StartsWith('#')) continue;
            var parts = line.Split(' ');
            var wordBreak = Enum.Parse<WordBreakClass>(parts[0]);
            foreach (var part in parts.AsSpan(1)) Add(part, wordBreak);
        }

        Supplementary.Sort((a, b) => a.First - b.First);
    }

    /// <summary>The class of the code point that begins at an index; half of a pair alone is <see cref="WordBreakClass.Other"/>.</summary>
    public static WordBreakClass At(ReadOnlySpan<char> text, int index) =>
        char.IsHighSurrogate(text[index]) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1])
            ? Find(char.ConvertToUtf32(text[index], text[index + 1]))
            : Basic[text[index]];

    private static void Add(string range, WordBreakClass wordBreak)
    {
        var dash = range.IndexOf('-', StringComparison.Ordinal);
        var first = int.Parse(dash < 0 ? range : range[..dash], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        var last = dash < 0 ? first : int.Parse(range.AsSpan(dash + 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        if (first < Basic.Length) Basic.AsSpan(first, last - first + 1).Fill(wordBreak);
        else Supplementary.Add((first, last, wordBreak));
    }

    private static WordBreakClass Find(int codePoint)
    {
        var (low, high) = (0, Supplementary.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var range = Supplementary[middle];
            if (codePoint < range.First) high = middle - 1;
            else if (codePoint > range.Last) low = middle + 1;
            else return range.Class;
        }

        return WordBreakClass.Other;
    }
}
