using SandQueue.Environments.WebShop.Products;

namespace SandQueue.Environments.WebShop.Goals;

/// <summary>
/// Price draws by seed. A seed's draw takes a pass over the catalogue, and trainers use few seeds at a time: the latest
/// are kept. A draw is the same whether it was kept or not.
/// </summary>
internal sealed class PriceDraws(ProductStore products, IReadOnlyList<int> instructed)
{
    /// <summary>The seed of the reference episodes.</summary>
    public const long DefaultSeed = 233;

    private const int Kept = 8;

    private readonly PriceDraw _default = PriceDraw.Of(products, instructed, DefaultSeed);
    private readonly LinkedList<(long Seed, PriceDraw Draw)> _latest = [];
    private readonly Lock _lock = new();

    public PriceDraw Of(long seed)
    {
        if (seed == DefaultSeed) return _default;
        lock (_lock)
        {
            for (var node = _latest.First; node is not null; node = node.Next)
            {
                if (node.Value.Seed != seed) continue;
                _latest.Remove(node);
                _latest.AddFirst(node);
                return node.Value.Draw;
            }
        }

        var draw = PriceDraw.Of(products, instructed, seed);
        lock (_lock)
        {
            _latest.AddFirst((seed, draw));
            if (_latest.Count > Kept) _latest.RemoveLast();
        }

        return draw;
    }
}
