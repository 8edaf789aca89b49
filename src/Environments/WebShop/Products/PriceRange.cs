using SandQueue.Environments.Python;

namespace SandQueue.Environments.WebShop.Products;

/// <summary>The one price of a product, or the two ends between which its price is drawn.</summary>
internal readonly record struct PriceRange(double Low, double High)
{
    /// <summary>A product without a price costs this much.</summary>
    public const double Default = 100.0;

    public IReadOnlyList<double> Ends => double.IsNaN(High) ? [Low] : [Low, High];

    public static PriceRange Of(IReadOnlyList<double> pricing) => pricing.Count switch
    {
        0 => new PriceRange(Default, double.NaN),
        1 => new PriceRange(pricing[0], double.NaN),
        _ => new PriceRange(pricing[0], pricing[1]),
    };

    /// <summary>The product's price; only a range takes a number from <paramref name="random"/>.</summary>
    public double Draw(PythonRandom random) => double.IsNaN(High) ? Low : random.Uniform(Low, High);
}
