using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace SandQueue.Dashboard.Text;

/// <summary>
/// Text of whoever wrote it, as text: nothing in it is markup, marks that would turn the direction of reading or cannot be seen are shown by their numbers, and what it does to the
/// direction ends with it.
/// </summary>
public sealed class PlainText : ComponentBase
{
    /// <summary>The text.</summary>
    [Parameter] public string? Value { get; set; }

    /// <inheritdoc/>
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.OpenElement(0, "bdi");
        foreach (var (piece, isMark) in Pieces(Value ?? ""))
        {
            if (!isMark)
            {
                builder.AddContent(1, piece);
                continue;
            }

            builder.OpenElement(2, "span");
            builder.AddAttribute(3, "class", "mark");
            builder.AddAttribute(4, "title", "a character that cannot be seen");
            builder.AddContent(5, piece);
            builder.CloseElement();
        }

        builder.CloseElement();
    }

    /// <summary>The text in pieces: what can be shown as it is, and the numbers of what cannot.</summary>
    internal static IEnumerable<(string Piece, bool IsMark)> Pieces(string text)
    {
        var begin = 0;
        for (var at = 0; at < text.Length; at++)
        {
            if (!IsMark(text, at)) continue;
            if (at > begin) yield return (text[begin..at], false);
            yield return (string.Create(CultureInfo.InvariantCulture, $"U+{(int)text[at]:X4}"), true);
            begin = at + 1;
        }

        if (begin < text.Length) yield return (begin == 0 ? text : text[begin..], false);
    }

    private static bool IsMark(string text, int at) => text[at] switch
    {
        '\n' or '\t' => false,
        '\r' => at + 1 >= text.Length || text[at + 1] != '\n',
        var letter when char.IsSurrogate(letter) => !IsInPair(text, at),
        // The joiner of emoji and of scripts that need it changes no order.
        '\u200D' or '\u200C' => false,
        var letter => char.IsControl(letter) || char.GetUnicodeCategory(letter) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator,
    };

    private static bool IsInPair(string text, int at) =>
        (at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1])) || (at > 0 && char.IsSurrogatePair(text[at - 1], text[at]));
}
