using System.Text;

namespace SandQueue.Rollouts.Reports.Rendering;

/// <summary>Text of others in Markdown: one line in which nothing is a mark.</summary>
internal static class MarkdownText
{
    // What is a mark only where a line begins is none here: our own words stand before it.
    private const string Marks = "\\`*_{}[]()!|<>~&$";

    public static string Of(string text)
    {
        var escaped = new StringBuilder();
        foreach (var letter in OneLineText.Of(text))
        {
            if (Marks.Contains(letter, StringComparison.Ordinal)) escaped.Append('\\');
            escaped.Append(letter);
        }

        return escaped.ToString();
    }
}
