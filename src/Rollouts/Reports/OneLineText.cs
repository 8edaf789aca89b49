using System.Globalization;
using System.Text;

namespace SandQueue.Rollouts.Reports;

/// <summary>Text of agents, tasks and environments for one line of a report: without control characters and marks that turn its direction, and bounded.</summary>
internal static class OneLineText
{
    private const int Most = 300;

    public static string Of(string text)
    {
        var line = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (line.Length >= Most) return line.Append('…').ToString();
            line.Append(IsHarmless(rune) ? rune.ToString() : " ");
        }

        return line.ToString().Trim();
    }

    private static bool IsHarmless(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate);
}
