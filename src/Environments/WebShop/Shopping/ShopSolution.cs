using SandQueue.Environments.WebShop.Goals;
using SandQueue.Environments.WebShop.Products;
using SandQueue.Environments.WebShop.Rewards;
using SandQueue.Environments.WebShop.Text;

namespace SandQueue.Environments.WebShop.Shopping;

/// <summary>The way to the purchase of a goal's own product. A search is possible on every page and forgets what was chosen, so it is the same from everywhere.</summary>
internal sealed class ShopSolution(Shop shop, Goal goal, Func<int, double> priceOf, bool withAttributes)
{
    /// <summary>Values that are tried for one wanted option.</summary>
    private const int MostCandidates = 8;

    private static readonly string[] Buttons = ["back to search", "< prev", "next >", "buy now", "search"];

    /// <summary>
    /// Search, page on to the product, open it, choose, buy. The reward of that is below 1 where no value of the product's meets a wanted option by the original's
    /// comparison: it makes a colour word of what was chosen (<c>1877black</c> is <c>black</c>), and not of what was wanted.
    /// </summary>
    public ShopWay? Find()
    {
        var product = shop.Products.Read(goal.Product);
        if (Search(product) is not { } search) return null;
        var chosen = Choose(product);
        return new ShopWay(
            search.Keywords,
            [.. Enumerable.Repeat("next >", search.Page), PythonText.Lower(product.Asin), .. chosen, "buy now"],
            shop.Scorer.Score(product, [.. chosen], priceOf(goal.Product), goal).Total);
    }

    /// <summary>The first of some searches that finds the product, and how many pages it is away.</summary>
    private (string Keywords, int Page)? Search(Product product)
    {
        // By what a buyer would write, and then by the prefix that lists all products of a query.
        foreach (var keywords in (string[])[product.Title, $"{product.Title} {product.Description}", $"<q> {product.Query}"])
        {
            var text = keywords.Length > ShopSession.LongestSearch ? keywords[..ShopSession.LongestSearch] : keywords;
            if (text.Length == 0) continue;
            var place = Array.IndexOf(shop.Find(PythonText.Lower(text).Split(' ')), goal.Product);
            if (place >= 0) return (text, place / ShopSession.ResultsPerPage);
        }

        return null;
    }

    /// <summary>The values that meet most of the wanted options, one for each name.</summary>
    private IReadOnlyList<string> Choose(Product product)
    {
        var page = PageBuilder.Item("", "", product, withAttributes);
        var candidates = goal.Options.Items.Select(wanted => Candidates(page, wanted)).ToArray();
        var best = (Met: -1, Values: (IReadOnlyList<string>)[]);
        Try(candidates, 0, [], ref best);
        return best.Values;
    }

    // Of two options with a value of one text a click hits the later one, which is what the page says.
    private static (string Option, string Value)[] Candidates(Page page, KeyValuePair<string?, string> wanted) =>
    [
        .. page.Parts
            .Where(part => part.Kind == PartKind.OptionValue && !Buttons.Contains(part.Text) && ItemPages.Find(part.Text) is null)
            .Where(part => PythonText.Lower(part.Text) == part.Text && Scorer.MatchedOptions([part.Text], new GoalOptions([wanted])) == 1)
            .Select(part => (Option: page.Find(part.Text)!.Value.Option!, Value: part.Text))
            .OrderByDescending(choice => choice.Value == wanted.Value && choice.Option == wanted.Key)
            .Take(MostCandidates),
    ];

    private void Try((string Option, string Value)[][] candidates, int at, Dictionary<string, string> chosen, ref (int Met, IReadOnlyList<string> Values) best)
    {
        if (best.Met == candidates.Length) return;
        if (at == candidates.Length)
        {
            var met = Scorer.MatchedOptions(chosen.Values, goal.Options);
            if (met > best.Met) best = (met, [.. chosen.Values]);
            return;
        }

        foreach (var (option, value) in candidates[at])
        {
            if (chosen.TryGetValue(option, out var taken) && taken != value) continue;
            var added = chosen.TryAdd(option, value);
            Try(candidates, at + 1, chosen, ref best);
            if (added) chosen.Remove(option);
        }

        if (candidates[at].Length == 0 || best.Met < candidates.Length) Try(candidates, at + 1, chosen, ref best);
    }
}
