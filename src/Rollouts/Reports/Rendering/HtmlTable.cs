using System.Text;

namespace SandQueue.Rollouts.Reports.Rendering;

/// <summary>Writes tables of HTML.</summary>
internal static class HtmlTable
{
    /// <param name="head">The names of its columns; those that begin with <c>#</c> hold numbers, with <c>=</c> long text.</param>
    /// <param name="rows">Its rows, in HTML; none writes no table.</param>
    public static string Of(IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new StringBuilder();
        foreach (var row in rows)
        {
            if (table.Length == 0) table.Append("<div class=\"scroll\"><table><thead>").Append(Line(head, [.. head.Select(name => name.TrimStart('#', '='))], "th")).Append("</thead><tbody>");
            table.Append(Line(head, row, "td"));
        }

        return table.Length == 0 ? "" : table.Append("</tbody></table></div>").ToString();
    }

    private static string Line(IReadOnlyList<string> head, IReadOnlyList<string> cells, string tag) =>
        $"<tr>{string.Concat(cells.Select((cell, column) => head[column].StartsWith('#') ? $"<{tag} class=\"n\">{cell}</{tag}>" : head[column].StartsWith('=') ? $"<{tag} class=\"t\">{cell}</{tag}>" : $"<{tag}>{cell}</{tag}>"))}</tr>\n";
}
