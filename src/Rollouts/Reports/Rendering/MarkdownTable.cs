using System.Text;

namespace SandQueue.Rollouts.Reports.Rendering;

/// <summary>Writes tables of Markdown.</summary>
internal static class MarkdownTable
{
    /// <param name="page">Where it is written.</param>
    /// <param name="head">The names of its columns.</param>
    /// <param name="rows">Its rows; none writes no table.</param>
    public static void Write(StringBuilder page, IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> rows)
    {
        var begun = false;
        foreach (var row in rows)
        {
            if (!begun) page.Append('\n').Append(Line(head)).Append(Line([.. head.Select((_, column) => column == 0 ? "---" : "---:")]));
            begun = true;
            page.Append(Line(row));
        }
    }

    private static string Line(IReadOnlyList<string> cells) => $"| {string.Join(" | ", cells)} |\n";
}
