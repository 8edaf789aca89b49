using System.Globalization;

namespace SandQueue.Environments.Python;

/// <summary>Methods of <c>str</c> where Python and the base library disagree: what a space, a line or a character is.</summary>
internal static class PyText
{
    /// <summary><c>len(text)</c> in code points; half of a surrogate pair that stands alone counts as one.</summary>
    public static int Length(string text)
    {
        var length = text.Length;
        for (var i = 1; i < text.Length; i++)
        {
            if (char.IsSurrogatePair(text[i - 1], text[i])) length--;
        }

        return length;
    }

    /// <summary>The text one code point at a time.</summary>
    public static IEnumerable<string> Characters(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1])) yield return text.Substring(i++, 2);
            else yield return text[i].ToString();
        }
    }

    /// <summary><c>isspace()</c> of one character, which has the four separators of ASCII too.</summary>
    public static bool IsSpace(char character) => character is >= '\x1c' and <= '\x1f' || char.IsWhiteSpace(character);

    /// <summary>A letter, number or underscore: <c>\w</c> of Python's regular expressions.</summary>
    public static bool IsWord(char character) => character == '_' || char.IsLetterOrDigit(character)
        || char.GetUnicodeCategory(character) is UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;

    /// <summary><c>split()</c> at runs of spaces.</summary>
    public static int CountWords(string text)
    {
        var words = 0;
        var inside = false;
        foreach (var character in text)
        {
            var space = IsSpace(character);
            if (!space && !inside) words++;
            inside = !space;
        }

        return words;
    }

    /// <summary><c>splitlines()</c>, which knows eleven ends of a line.</summary>
    public static List<string> Lines(string text)
    {
        var lines = new List<string>();
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (!EndsLine(text[i])) continue;
            lines.Add(text[start..i]);
            if (text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n') i++;
            start = i + 1;
        }

        if (start < text.Length) lines.Add(text[start..]);
        return lines;
    }

    /// <summary><c>strip()</c>.</summary>
    public static string Strip(string text)
    {
        var (start, end) = (0, text.Length);
        while (start < end && IsSpace(text[start])) start++;
        while (end > start && IsSpace(text[end - 1])) end--;
        return text[start..end];
    }

    /// <summary><c>lower()</c>.</summary>
    public static string Lower(string text) => text.ToLowerInvariant();

    /// <summary>The number of bytes of <c>encode("utf-8")</c>.</summary>
    public static int Utf8Length(string text)
    {
        var bytes = 0;
        var position = 0;
        for (var i = 0; i < text.Length; i++, position++)
        {
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
            {
                bytes += 4;
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                throw new PyError(
                    "UnicodeEncodeError",
                    $"'utf-8' codec can't encode character '\\u{(int)text[i]:x4}' in position {position}: surrogates not allowed");
            }
            else
            {
                bytes += text[i] < 0x80 ? 1 : text[i] < 0x800 ? 2 : 3;
            }
        }

        return bytes;
    }

    private static bool EndsLine(char character) =>
        character is (>= '\n' and <= '\r') or (>= '\x1c' and <= '\x1e') or '\x85' or '\u2028' or '\u2029';
}
