using System.Globalization;
using System.Text;

namespace SandQueue.Cli.Wording;

/// <summary>
/// Text of agents, environments and gateways made harmless for a terminal: control characters, with those that begin colours, titles or answers of
/// the terminal, and marks that turn the direction of text stand as a visible sign.
/// </summary>
internal static class SafeText
{
    private const int FirstPicture = 0x2400;
    // Letters of some scripts and signs of several parts need them, and they move nothing.
    private const int ZeroWidthNonJoiner = 0x200c;
    private const int ZeroWidthJoiner = 0x200d;

    private const char Deleted = '\u2421';
    private const char Other = '\uFFFD';

    /// <summary>Text of several lines: line feeds and tabs stay.</summary>
    public static string Lines(string text) => Of(text.Replace("\r\n", "\n", StringComparison.Ordinal), keepsLines: true);

    /// <summary>One line: line feeds and tabs become spaces.</summary>
    public static string Line(string text) => Of(text, keepsLines: false);

    /// <summary>One line of at most so many characters.</summary>
    public static string Line(string text, int most)
    {
        var line = Line(text.Length > most * 4 ? text[..(most * 4)] : text);
        return line.Length <= most ? line : $"{line[..(most - 1)]}…";
    }

    private static string Of(string text, bool keepsLines)
    {
        if (text.All(letter => letter is >= ' ' and <= '~')) return text;

        var safe = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes()) safe.Append(Shown(rune, keepsLines));
        return safe.ToString();
    }

    private static string Shown(Rune rune, bool keepsLines) => rune.Value switch
    {
        '\n' or '\t' => keepsLines ? rune.ToString() : " ",
        '\r' when !keepsLines => " ",
        < ' ' => ((char)(FirstPicture + rune.Value)).ToString(),
        0x7f => Deleted.ToString(),
        ZeroWidthNonJoiner or ZeroWidthJoiner => rune.ToString(),
        _ when Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate => Other.ToString(),
        _ => rune.ToString(),
    };
}
