using System.Text;
using SandQueue.Environments.WebShop.Text;

namespace SandQueue.Environments.WebShop.Shopping;

/// <summary>Writes a page as an observation.</summary>
internal static class PageText
{
    /// <summary>The observation in the mode <c>text</c>: all texts in one line.</summary>
    public static string Plain(Page page) => string.Join(" [SEP] ", Visible(page).Select(part => PythonText.Strip(part.Text)));

    /// <summary>The observation in the mode <c>text_rich</c>: a text a line, with marks around what can be clicked or was.</summary>
    /// <param name="page">The page.</param>
    /// <param name="visited">The products whose pages were opened.</param>
    public static string Rich(Page page, IReadOnlySet<string> visited)
    {
        var clicked = "";
        var lines = new StringBuilder();
        foreach (var (kind, text, _) in Visible(page))
        {
            // The original looks for the value between quotes in the address, where chosen options stand as JSON.
            var chosen = kind == PartKind.OptionValue && page.Url.Contains($"\"{text}\"", StringComparison.Ordinal);
            if (chosen) clicked = $"You have clicked {text}.\n{clicked}";
            lines.Append(kind switch
            {
                PartKind.Button => $"[button] {text} [button_]",
                PartKind.OptionValue when chosen => $"  [clicked button] {text} [clicked button_]",
                PartKind.OptionValue => $"  [button] {text} [button_]",
                PartKind.ProductLink when visited.Contains(text) => $"\n[clicked button] {text} [clicked button_]",
                PartKind.ProductLink => $"\n[button] {text} [button_]",
                _ => text,
            }).Append('\n');
        }

        return clicked + lines;
    }

    // An HTML parser makes no text of nothing, and of blanks alone one blank; a lone line break is skipped.
    private static IEnumerable<PagePart> Visible(Page page)
    {
        foreach (var part in page.Parts)
        {
            if (part.Text.Length == 0) continue;
            if (part.Text.AsSpan().ContainsAnyExcept(" \n\t\f\r")) yield return part;
            else if (!part.Text.Contains('\n', StringComparison.Ordinal)) yield return part with { Text = " " };
        }
    }
}
