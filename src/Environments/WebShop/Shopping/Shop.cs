using SandQueue.Environments.WebShop.Products;
using SandQueue.Environments.WebShop.Rewards;
using SandQueue.Environments.WebShop.Search;
using SandQueue.Environments.WebShop.Text;

namespace SandQueue.Environments.WebShop.Shopping;

/// <summary>What all trips share: the products, the search, the scorer.</summary>
internal sealed class Shop(ProductStore products, SearchIndex index, Scorer scorer)
{
    private const int MostResults = 50;

    public ProductStore Products => products;

    public SearchIndex Index => index;

    public Scorer Scorer => scorer;

    /// <summary>The products of a search, the best first. Two prefixes of the original list instead of searching.</summary>
    public int[] Find(string[] keywords) => keywords[0] switch
    {
        "<c>" when keywords.Length > 1 => products.InCategory(PythonText.Strip(keywords[1])),
        "<q>" => products.WithQuery(PythonText.Strip(string.Join(' ', keywords.AsSpan(1)!))),
        _ => [.. index.Search(string.Join(' ', keywords), MostResults).Select(hit => hit.Document)],
    };
}
