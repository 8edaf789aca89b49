using SandQueue.Environments.WebShop.Goals;
using SandQueue.Environments.WebShop.Products;
using SandQueue.Environments.WebShop.Rewards;
using SandQueue.Environments.WebShop.Text;

namespace SandQueue.Environments.WebShop.Shopping;

/// <summary>
/// One shopping trip: where the agent is, what it chose, what it bought. Addresses are part of the state: the original
/// decides by the address what "&lt; Prev" means.
/// </summary>
internal sealed class ShopSession
{
    /// <summary>
    /// Characters of a search. The address of every later page repeats it, so that the original has no limit means that
    /// one long search would be answered many times over.
    /// </summary>
    public const int LongestSearch = 1000;

    private const string Site = "http://127.0.0.1:3000";

    /// <summary>Products on a page of results.</summary>
    public const int ResultsPerPage = 10;

    private readonly Shop _shop;
    private readonly string _id;
    private readonly bool _withAttributes;
    private readonly HashSet<string> _visited = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, string> _options = new(StringComparer.Ordinal);
    private string[] _keywords = [];
    private int _pageNumber;
    private int[] _found = [];
    private int _product = -1;

    /// <param name="shop">What is sold.</param>
    /// <param name="id">The task, which stands in every address.</param>
    /// <param name="goal">What is asked for.</param>
    /// <param name="seed">Seed of prices.</param>
    /// <param name="goals">Where the goal is from; knows the prices.</param>
    /// <param name="withAttributes">Whether a product's page has the button to its attributes.</param>
    public ShopSession(Shop shop, string id, Goal goal, long seed, IGoalBook goals, bool withAttributes)
    {
        (_shop, _id, Goal, _withAttributes) = (shop, id, goal, withAttributes);
        PriceOf = product => goals.Price(product, seed);
        Page = SearchPage();
    }

    public Goal Goal { get; }

    public Page Page { get; private set; }

    /// <summary>The products whose pages were opened since the last visit to the search page.</summary>
    public IReadOnlySet<string> Visited => _visited;

    public Purchase? Purchase { get; private set; }

    /// <summary>How the product of the goal is bought with the options that meet it, from any page, and what that gives; null after the purchase, or where no search finds it.</summary>
    public ShopWay? Solve() =>
        Purchase is null ? new ShopSolution(_shop, Goal, PriceOf, _withAttributes).Find() : null;

    private Func<int, double> PriceOf { get; }

    /// <summary>Searches; possible from every page.</summary>
    /// <returns>Whether anything was searched for: not for nothing, and not for more than <see cref="LongestSearch"/>.</returns>
    public bool Search(string keywords)
    {
        if (keywords.Length is 0 or > LongestSearch) return false;
        _keywords = PythonText.Lower(keywords).Split(' ');
        ShowResults(1);
        return true;
    }

    /// <summary>Clicks the text, if it can be clicked on this page.</summary>
    /// <returns>Whether it could.</returns>
    public bool Click(string text)
    {
        var clicked = PythonText.Lower(text);
        if (clicked == "search" || Page.Find(clicked) is not { } clickable) return false;

        if (clicked == "buy now") Buy();
        else if (clicked == "back to search") BackToSearch();
        else if (clicked == "next >" && IsAt("search_results")) ShowResults(_pageNumber + 1);
        else if (clicked == "< prev" && IsAt("search_results")) ShowResults(_pageNumber - 1);
        else if (clicked == "< prev" && IsAt("item_sub_page")) ShowItem(clicked, clickable);
        else if (clicked == "< prev" && IsAt("item_page")) ShowResults(_pageNumber);
        else if (ItemPages.Find(clicked) is { } name) ShowDetail(name);
        else ShowItem(clicked, clickable);
        return true;
    }

    // The first of these words in the address decides, and the agent's own keywords are part of it.
    private bool IsAt(string page) =>
        Array.Find(["search_results", "item_page", "item_sub_page", "done"], name => Page.Url.Contains(name, StringComparison.Ordinal)) == page;

    private Page SearchPage() => PageBuilder.Search($"{Site}/{_id}", Goal.Instruction);

    private void BackToSearch()
    {
        (_keywords, _pageNumber, _product) = ([], 0, -1);
        _visited.Clear();
        _options.Clear();
        Page = SearchPage();
    }

    private void ShowResults(int page)
    {
        (_pageNumber, _product) = (page, -1);
        _options.Clear();
        _found = _shop.Find(_keywords);
        var shown = _found.Skip((page - 1) * ResultsPerPage).Take(ResultsPerPage).Select(_shop.Products.ReadHeadline);
        Page = PageBuilder.Results($"{Site}/search_results/{_id}/{Keywords}/{page}", Goal.Instruction, page, _found.Length, shown);
    }

    private void ShowItem(string clicked, Clickable clickable)
    {
        if (clickable.Kind == PartKind.ProductLink)
        {
            _product = Array.Find(_found, product => string.Equals(AsinOf(product), clicked, StringComparison.OrdinalIgnoreCase));
            _visited.Add(AsinOf(_product));
        }
        else if (clickable.Option is { } option)
        {
            _options[option] = clicked;
        }

        var item = _shop.Products.Read(_product);
        var url = $"{Site}/item_page/{_id}/{item.Asin}/{Keywords}/{_pageNumber}/{PythonValues.Json(_options)}";
        Page = PageBuilder.Item(url, Goal.Instruction, item, _withAttributes);
    }

    private void ShowDetail(string name)
    {
        var item = _shop.Products.Read(_product);
        var url = $"{Site}/item_sub_page/{_id}/{item.Asin}/{Keywords}/{_pageNumber}/{name}/{PythonValues.Repr(_options)}";
        Page = PageBuilder.Detail(url, Goal.Instruction, item, name);
    }

    private void Buy()
    {
        var item = _shop.Products.Read(_product);
        var price = PriceOf(_product);
        var reward = _shop.Scorer.Score(item, [.. _options.Values], price, Goal);
        Purchase = new Purchase(item.Asin, [.. _options], price, reward);
        var url = $"{Site}/done/{_id}/{item.Asin}/{PythonValues.Repr(_options)}";
        Page = PageBuilder.Done(url, item.Asin, PythonValues.HtmlSafeJson(_options), PythonValues.Repr(reward.Total));
    }

    private string AsinOf(int product) => _shop.Products.ReadHeadline(product).Asin;

    private string Keywords => string.Join('+', _keywords);
}
