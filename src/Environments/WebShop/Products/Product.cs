namespace SandQueue.Environments.WebShop.Products;

/// <summary>One product as the pages and the reward read it.</summary>
internal sealed record Product
{
    public required string Asin { get; init; }

    public required string Title { get; init; }

    /// <summary><c>$9.99</c> or <c>$9.99 to $19.99</c>.</summary>
    public required string PriceTag { get; init; }

    /// <summary>No price where the data has none (100 then), one, or the two ends of a range.</summary>
    public required IReadOnlyList<double> Pricing { get; init; }

    public required string Description { get; init; }

    public required IReadOnlyList<string> Features { get; init; }

    /// <summary>In the order of the data; names and values in lower case.</summary>
    public required IReadOnlyList<ProductOption> Options { get; init; }

    public required IReadOnlyList<string> Attributes { get; init; }

    /// <summary>The product's synthetic instruction without options and price, or null where it has none.</summary>
    public required string? Instruction { get; init; }

    public required IReadOnlyList<string> InstructionAttributes { get; init; }

    public required string Category { get; init; }

    public required string Query { get; init; }

    /// <summary>The path of categories, <c>›</c> between them.</summary>
    public required string ProductCategory { get; init; }
}

/// <summary>One thing to choose (<c>color</c>), and its values.</summary>
internal sealed record ProductOption(string Name, IReadOnlyList<string> Values);
