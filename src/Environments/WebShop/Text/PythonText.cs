using System.Globalization;
using System.Text;

namespace SandQueue.Environments.WebShop.Text;

/// <summary>
/// String operations as Python's <c>str</c> has them. The reference environment is a Python program, and an observation
/// is compared with it byte by byte.
/// </summary>
internal static class PythonText
{
    /// <summary><c>str.isspace</c> of one character: the base library leaves out the four separators of ASCII.</summary>
    public static bool IsSpace(char c) => char.IsWhiteSpace(c) || c is >= '\x1c' and <= '\x1f';

    /// <summary><c>str.strip()</c>.</summary>
    public static string Strip(string text)
    {
        var (start, end) = (0, text.Length);
        while (start < end && IsSpace(text[start])) start++;
        while (end > start && IsSpace(text[end - 1])) end--;
        return text[start..end];
    }

    /// <summary><c>str.lower()</c>: the full mapping, where it differs from the simple one.</summary>
    public static string Lower(string text)
    {
        var lower = text.ToLowerInvariant();
        if (!text.AsSpan().ContainsAny('\u0130', '\u03a3')) return lower;

        var full = new StringBuilder(lower.Length + 1);
        for (var i = 0; i < text.Length; i++)
        {
            full.Append(text[i] switch
            {
                '\u0130' => "i\u0307",
                '\u03a3' => IsFinalSigma(text, i) ? "\u03c2" : "\u03c3",
                _ => lower[i].ToString(),
            });
        }

        return full.ToString();
    }

    /// <summary><c>str.split()</c> without a separator.</summary>
    public static List<string> Words(string text)
    {
        var words = new List<string>();
        for (var i = 0; i < text.Length;)
        {
            if (IsSpace(text[i]))
            {
                i++;
                continue;
            }

            var start = i;
            while (i < text.Length && !IsSpace(text[i])) i++;
            words.Add(text[start..i]);
        }

        return words;
    }

    /// <summary>Python orders strings by code point; UTF-16 puts the supplementary planes before U+E000.</summary>
    public static int Compare(string left, string right)
    {
        var length = Math.Min(left.Length, right.Length);
        for (var i = 0; i < length; i++)
        {
            var (a, b) = (left[i], right[i]);
            if (a == b) continue;
            return char.IsSurrogate(a) != char.IsSurrogate(b) ? (char.IsSurrogate(a) ? 1 : -1) : a - b;
        }

        return left.Length - right.Length;
    }

    /// <summary><c>str.isalnum()</c> of one code point.</summary>
    public static bool IsAlphanumeric(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        <= UnicodeCategory.OtherLetter => true,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => true,
        _ => false,
    };

    /// <summary><c>repr(str)</c>.</summary>
    public static string Repr(string text)
    {
        var quote = text.Contains('\'', StringComparison.Ordinal) && !text.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        var repr = new StringBuilder(text.Length + 2).Append(quote);
        for (var i = 0; i < text.Length; i++)
        {
            var whole = Rune.TryGetRuneAt(text, i, out var rune);
            if (whole && rune.Utf16SequenceLength == 2)
            {
                if (IsPrintable(Rune.GetUnicodeCategory(rune))) repr.Append(text, i, 2);
                else repr.Append("\\U").Append(rune.Value.ToString("x8", CultureInfo.InvariantCulture));
                i++;
                continue;
            }

            AppendRepr(repr, text[i], quote);
        }

        return repr.Append(quote).ToString();
    }

    private static void AppendRepr(StringBuilder repr, char c, char quote)
    {
        if (c == quote || c == '\\') repr.Append('\\').Append(c);
        else if (c == '\n') repr.Append("\\n");
        else if (c == '\r') repr.Append("\\r");
        else if (c == '\t') repr.Append("\\t");
        else if (c == ' ' || IsPrintable(CharUnicodeInfo.GetUnicodeCategory(c))) repr.Append(c);
        else if (c < 0x100) repr.Append("\\x").Append(((int)c).ToString("x2", CultureInfo.InvariantCulture));
        else repr.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
    }

    private static bool IsPrintable(UnicodeCategory category) => category
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse)
        and not (UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
        and not UnicodeCategory.SpaceSeparator;

    // A sigma ends a word where a cased letter stands before it and none after it, case-ignorable characters aside.
    private static bool IsFinalSigma(string text, int at)
    {
        var before = at - 1;
        while (before >= 0 && IsCaseIgnorable(text[before])) before--;
        if (before < 0 || !IsCased(text[before])) return false;

        var after = at + 1;
        while (after < text.Length && IsCaseIgnorable(text[after])) after++;
        return after == text.Length || !IsCased(text[after]);
    }

    private static bool IsCased(char c) => CharUnicodeInfo.GetUnicodeCategory(c) <= UnicodeCategory.TitlecaseLetter;

    private static bool IsCaseIgnorable(char c) => c is '\'' or '.' or ':' or '^' or '`' or '\u00b7' or '\u2019'
        || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark
            or UnicodeCategory.Format or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol;
}
