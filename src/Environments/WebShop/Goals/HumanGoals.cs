using SandQueue.Environments.Python;
using SandQueue.Environments.WebShop.Products;

namespace SandQueue.Environments.WebShop.Goals;

/// <summary>The goals that people wrote, in the original's order.</summary>
internal sealed class HumanGoals : IGoalBook
{
    private const long OrderSeed = 233;

    private readonly ProductStore _products;
    private readonly IReadOnlyList<HumanInstruction> _instructions;
    private readonly int[] _order;
    private readonly PriceDraws _draws;

    public HumanGoals(ProductStore products, IReadOnlyList<HumanInstruction> instructions)
    {
        (_products, _instructions) = (products, instructions);
        _order = [.. Enumerable.Range(0, instructions.Count)];
        new PythonRandom(OrderSeed).Shuffle(_order);
        _draws = new PriceDraws(products, [.. instructions.Select(instruction => instruction.Product)]);
    }

    public int Count => _order.Length;

    public double Price(int product, long seed) => _draws.Of(seed).Prices[product];

    public Goal Read(int index, long seed)
    {
        var instruction = _instructions[_order[index]];
        var product = _products.Read(instruction.Product);
        var limit = _draws.Of(seed).Limits[_order[index]];
        return new Goal
        {
            Product = instruction.Product,
            Instruction = instruction.Text.Trim('.') + PriceLimit.Text(limit),
            Attributes = instruction.Attributes,
            Options = GoalOptions.WithoutNames(instruction.Options),
            PriceLimit = PriceLimit.Value(limit),
            Name = product.Title,
            Query = product.Query,
            ProductCategory = product.ProductCategory,
        };
    }
}
