using SandQueue.Environments.Python;
using SandQueue.Environments.WebShop.Products;
using SandQueue.Environments.WebShop.Text;

namespace SandQueue.Environments.WebShop.Goals;

/// <summary>
/// The goals made by rule: for every product with an instruction, one for each combination of its options. The full
/// catalogue has millions of them, so a goal is two numbers until it is played.
/// </summary>
internal sealed class SyntheticGoals : IGoalBook
{
    /// <summary>The seed with which the original shuffles goals, whatever came before.</summary>
    private const long OrderSeed = 233;

    private readonly ProductStore _products;
    private readonly int[] _instructed;
    private readonly int[] _firstGoal;
    private readonly int[] _order;
    private readonly PriceDraws _draws;

    public SyntheticGoals(ProductStore products, IReadOnlyList<(int Product, long Combinations)> instructed)
    {
        _products = products;
        _instructed = [.. instructed.Select(each => each.Product)];
        _firstGoal = new int[_instructed.Length];
        long count = 0;
        for (var i = 0; i < _firstGoal.Length; i++)
        {
            _firstGoal[i] = (int)count;
            count += instructed[i].Combinations;
            if (count > int.MaxValue) throw new InvalidDataException($"the catalogue gives more than {int.MaxValue} goals");
        }

        _order = new int[count];
        for (var i = 0; i < _order.Length; i++) _order[i] = i;
        new PythonRandom(OrderSeed).Shuffle(_order);
        _draws = new PriceDraws(products, _instructed);
    }

    public int Count => _order.Length;

    /// <summary>How many goals a product's options give.</summary>
    public static long Combinations(Product product) =>
        product.Options.Aggregate(1L, (count, option) => count > int.MaxValue ? count : count * option.Values.Count);

    public double Price(int product, long seed) => _draws.Of(seed).Prices[product];

    public Goal Read(int index, long seed)
    {
        var ordinal = _order[index];
        var at = Array.BinarySearch(_firstGoal, ordinal);
        // Products without a combination begin where the next one does; the last of them is the one with goals.
        if (at < 0) at = ~at - 1;
        else while (at + 1 < _firstGoal.Length && _firstGoal[at + 1] == ordinal) at++;

        var product = _products.Read(_instructed[at]);
        var options = Choose(product.Options, ordinal - _firstGoal[at]);
        var limit = _draws.Of(seed).Limits[at];
        var chosen = string.Join(", and ", options.Select(option => $"{option.Name}: {option.Value}"));
        return new Goal
        {
            Product = _instructed[at],
            Instruction = $"{product.Instruction}{(chosen.Length > 0 ? " with " : "")}{chosen}{PriceLimit.Text(limit)}",
            Attributes = product.InstructionAttributes,
            Options = GoalOptions.Named(options),
            PriceLimit = PriceLimit.Value(limit),
            Name = product.Title,
            Query = product.Query,
            ProductCategory = product.ProductCategory,
        };
    }

    /// <summary>The combination of a number: names in order, the last name's values change fastest.</summary>
    private static (string Name, string Value)[] Choose(IReadOnlyList<ProductOption> options, int combination)
    {
        var sorted = options.OrderBy(option => option.Name, Comparer<string>.Create(PythonText.Compare)).ToArray();
        var chosen = new (string Name, string Value)[sorted.Length];
        for (var i = sorted.Length - 1; i >= 0; i--)
        {
            (combination, var value) = Math.DivRem(combination, sorted[i].Values.Count);
            chosen[i] = (sorted[i].Name, sorted[i].Values[value]);
        }

        return chosen;
    }
}
