namespace SandQueue.Environments.WebShop.Goals;

/// <summary>What the agent is asked to buy.</summary>
internal sealed record Goal
{
    /// <summary>The product that the goal was made from; others may do as well.</summary>
    public required int Product { get; init; }

    /// <summary>The whole instruction: what, with which options, below which price.</summary>
    public required string Instruction { get; init; }

    public required IReadOnlyList<string> Attributes { get; init; }

    public required GoalOptions Options { get; init; }

    /// <summary>The highest price that counts; a million where the instruction names none.</summary>
    public required double PriceLimit { get; init; }

    public required string Name { get; init; }

    public required string Query { get; init; }

    public required string ProductCategory { get; init; }
}

/// <summary>
/// The options of a goal. A synthetic goal names them (<c>color: black</c>) and the name takes part in the comparison;
/// a human instruction only has values.
/// </summary>
internal sealed record GoalOptions(IReadOnlyList<KeyValuePair<string?, string>> Items)
{
    public static GoalOptions Named(IEnumerable<(string Name, string Value)> options) =>
        new([.. options.Select(option => KeyValuePair.Create((string?)option.Name, option.Value))]);

    public static GoalOptions WithoutNames(IEnumerable<string> values) =>
        new([.. values.Select(value => KeyValuePair.Create((string?)null, value))]);
}
