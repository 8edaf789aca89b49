using System.Globalization;
using System.Text;
using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.Checking;

/// <summary>
/// Texts as they are compared: "April 1, 2024" and "april 1 2024" are the same answer. Blanks and <c>,./-_*^</c> go,
/// letters become small, single quotes become double ones.
/// </summary>
internal static class StandardText
{
    public static string Of(string text)
    {
        var kept = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (!" ,./-_*^".Contains(c, StringComparison.Ordinal)) kept.Append(c);
        }

        return Lower(kept.ToString()).Replace('\'', '"');
    }

    public static PyValue OfItem(PyValue value) => value is PyStr text ? Of(text.Text) : value;

    public static PyList OfItems(IEnumerable<PyValue> values) => PyList.Of(values.Select(OfItem));

    // Python's lower() follows the two rules of Unicode that look at more than one character: the Turkish capital I
    // with a dot becomes two, and a sigma at the end of a word has a form of its own.
    private static string Lower(string text)
    {
        var lower = text.Replace("İ", "i̇", StringComparison.Ordinal).ToLowerInvariant();
        if (!text.Contains('Σ', StringComparison.Ordinal)) return lower;

        var source = text.Replace("İ", "i̇", StringComparison.Ordinal);
        return string.Create(lower.Length, (source, lower), static (span, texts) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                var isFinal = texts.source[i] == 'Σ'
                    && IsCased(texts.source.AsSpan(0, i), fromEnd: true)
                    && !IsCased(texts.source.AsSpan(i + 1), fromEnd: false);
                span[i] = isFinal ? 'ς' : texts.lower[i];
            }
        });
    }

    // Whether the nearest character that casing does not look through is a cased letter.
    private static bool IsCased(ReadOnlySpan<char> side, bool fromEnd)
    {
        for (var i = 0; i < side.Length; i++)
        {
            var c = side[fromEnd ? ^(i + 1) : i];
            var category = char.GetUnicodeCategory(c);
            if (category is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format
                    or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol
                || "':·’.\u2018\u2024\u2027".Contains(c, StringComparison.Ordinal))
            {
                continue;
            }

            return category is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter;
        }

        return false;
    }
}
