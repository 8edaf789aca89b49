using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace SandQueue.Rollouts.Reports.Rendering;

/// <summary>Text of others in HTML and SVG.</summary>
internal static class Html
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>One line in which nothing is markup, for content and for attributes in quotes.</summary>
    public static string Text(string text) => Encoder.Encode(OneLineText.Of(text));
}
