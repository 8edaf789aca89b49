using System.Globalization;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.WebShop.Shopping;

namespace SandQueue.Environments.WebShop;

/// <summary>
/// Says why an action is not possible, in <c>info.problem</c>: the observation is the page again, as in the original,
/// and says nothing of it.
/// </summary>
internal static class ShopRefusals
{
    public const string AfterPurchase = "The purchase was made; nothing more can be done.";

    /// <summary>Buttons that are named; a product may have hundreds, and <c>info.available_actions</c> has them all.</summary>
    private const int MostNamed = 40;

    public static string TooMany(int most) => string.Create(CultureInfo.InvariantCulture, $"Not carried out: a message has at most {most} actions.");

    /// <summary>Why nothing was found in a message.</summary>
    public static string NoAction(string message) => ShopAction.Read(message.ToLowerInvariant()) is not null
        ? "There is no action in your message: search and click are written in small letters, as in click[Buy Now]."
        : "There is no action in your message: write search[keywords] or click[text].";

    /// <summary>Why a search was not made.</summary>
    public static string NoSearch(string keywords) => keywords.Length == 0
        ? "There is nothing to search for: write search[keywords]."
        : string.Create(CultureInfo.InvariantCulture, $"A search has at most {ShopSession.LongestSearch} characters; this one has {keywords.Length}.");

    /// <summary>Why a click hit nothing.</summary>
    public static string NoClick(string text, Page page)
    {
        if (text.Equals("search", StringComparison.OrdinalIgnoreCase) && page.HasSearchBar) return "The button search is not clicked: write search[keywords].";
        var named = string.Join(", ", page.Clickables.Take(MostNamed));
        var more = page.Clickables.Count > MostNamed ? string.Create(CultureInfo.InvariantCulture, $" and {page.Clickables.Count - MostNamed} more") : "";
        return $"There is no button {AgentText.Quoted(text)} on this page; the buttons are {named}{more}.";
    }
}
