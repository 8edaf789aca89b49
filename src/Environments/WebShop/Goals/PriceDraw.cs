using SandQueue.Environments.Python;
using SandQueue.Environments.WebShop.Products;

namespace SandQueue.Environments.WebShop.Goals;

/// <summary>The prices of all products and the limits of all instructions, as one seed draws them.</summary>
internal sealed record PriceDraw(double[] Prices, byte[] Limits)
{
    /// <param name="products">The catalogue.</param>
    /// <param name="instructed">The product of every instruction, in the order in which limits are drawn.</param>
    /// <param name="seed">Seed of the generator.</param>
    public static PriceDraw Of(ProductStore products, IReadOnlyList<int> instructed, long seed)
    {
        var random = new PythonRandom(seed);
        var prices = new double[products.Count];
        for (var product = 0; product < prices.Length; product++) prices[product] = products.Price(product).Draw(random);

        var limits = new byte[instructed.Count];
        for (var i = 0; i < limits.Length; i++) limits[i] = PriceLimit.Draw(prices[instructed[i]], random);
        return new PriceDraw(prices, limits);
    }
}
