using System.Globalization;
using System.Text;

namespace SandQueue.Contracts;

/// <summary>Makes one line of what callers, agents and environments say, so that it can neither forge nor flood a log or an answer.</summary>
public static class OneLine
{
    /// <summary>Characters of a detail at most.</summary>
    public const int Longest = 1500;

    private const char Ellipsis = '…';

    /// <summary>The beginning of a text: line ends and tabs become spaces, control and direction characters and half surrogate pairs their escapes.</summary>
    public static string Of(string text, int longest = Longest)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length <= longest && !text.AsSpan().ContainsAnyExceptInRange(' ', '~')) return text;
        var line = new StringBuilder(Math.Min(text.Length, longest) + 8);
        for (var at = 0; at < text.Length && line.Length <= longest; at++) Append(line, text, ref at);
        if (line.Length <= longest) return line.ToString();

        return $"{Beginning(line.ToString(), longest - 1)}{Ellipsis}";
    }

    /// <summary>All of a text in the same form: what a database and JSON take, whoever said it.</summary>
    public static string OfAll(string text) => Of(text, int.MaxValue);

    /// <summary>The end of a text in the same form: what a program printed last says best why it ended.</summary>
    public static string OfEnd(string text, int longest = Longest)
    {
        ArgumentNullException.ThrowIfNull(text);
        var line = Of(text.Length > longest ? End(text, longest) : text, longest * 6);
        return line.Length <= longest && text.Length <= longest ? line : $"{Ellipsis}{End(line, Math.Min(line.Length, longest - 1))}";
    }

    /// <summary>At most so many characters from a text's beginning, as they are; a surrogate pair is never cut in half.</summary>
    public static string Beginning(string text, int longest)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length <= longest) return text;
        return IsInPair(text, longest) ? text[..(longest - 1)] : text[..longest];
    }

    private static string End(string text, int longest)
    {
        var start = text.Length - longest;
        return IsInPair(text, start) ? text[(start + 1)..] : text[start..];
    }

    private static bool IsInPair(string text, int at) => at > 0 && at < text.Length && char.IsHighSurrogate(text[at - 1]) && char.IsLowSurrogate(text[at]);

    private static void Append(StringBuilder line, string text, ref int at)
    {
        var letter = text[at];
        if (char.IsHighSurrogate(letter) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]))
        {
            line.Append(letter).Append(text[++at]);
        }
        else if (letter is '\n' or '\r' or '\t' or '\u0085' or '\u2028' or '\u2029')
        {
            if (letter != '\n' || at == 0 || text[at - 1] != '\r') line.Append(' ');
        }
        else if (char.IsControl(letter) || char.IsSurrogate(letter) || IsDirection(letter))
        {
            line.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}");
        }
        else
        {
            line.Append(letter);
        }
    }

    /// <summary>Characters that make a terminal show text in another order than it has.</summary>
    private static bool IsDirection(char letter) => letter is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\u200E' or '\u200F';
}
