using SandQueue.Environments.WebShop.Products;

namespace SandQueue.Environments.WebShop.Shopping;

/// <summary>Lays out the pages of the shop. The words and their order are the original's: an observation has to equal it.</summary>
internal static class PageBuilder
{
    private static readonly PagePart BackToSearch = new(PartKind.Button, "Back to Search");
    private static readonly PagePart Previous = new(PartKind.Button, "< Prev");
    private static readonly PagePart Next = new(PartKind.Button, "Next >");

    public static Page Search(string url, string instruction) => new(url, true,
    [
        Text("WebShop"),
        Text("Instruction: "),
        Text(instruction),
        new PagePart(PartKind.Button, "Search"),
    ]);

    public static Page Results(
        string url,
        string instruction,
        int page,
        int total,
        IEnumerable<(string Asin, string Title, string PriceTag)> products) => new(url, false,
    [
        .. Heading(instruction),
        Text($"Page {page} (Total results: {total})"),
        .. page > 1 ? [Previous, Next] : (ReadOnlySpan<PagePart>)[Next],
        .. products.SelectMany(product => new[]
        {
            new PagePart(PartKind.ProductLink, product.Asin),
            Text(product.Title),
            Text(product.PriceTag),
        }),
    ]);

    public static Page Item(string url, string instruction, Product product, bool withAttributes) => new(url, false,
    [
        .. Heading(instruction),
        Previous,
        .. product.Options.SelectMany(Choices),
        Text(product.Title),
        Text($"Price: {product.PriceTag}"),
        Text("Rating: N.A."),
        .. ItemPages.Names(withAttributes).Select(name => new PagePart(PartKind.Button, name)),
        new PagePart(PartKind.Button, "Buy Now"),
    ]);

    /// <summary>The page behind one of the buttons of a product's page. The public data has no reviews.</summary>
    public static Page Detail(string url, string instruction, Product product, string name) => new(url, false,
    [
        .. Heading(instruction),
        Previous,
        .. name switch
        {
            ItemPages.Description => [Text(product.Description)],
            ItemPages.Features => product.Features.Select(feature => Text($" {feature}")),
            ItemPages.Attributes => [.. product.Attributes.Select(attribute => Text($" {attribute}")), .. Kind(product)],
            _ => [],
        },
    ]);

    /// <summary>The page after the purchase. The original leaves all but three values of it empty.</summary>
    public static Page Done(string url, string asin, string options, string reward) =>
        new(url, false, [.. DoneTexts(asin, options, reward).Select(Text)]);

    private static string[] DoneTexts(string asin, string options, string reward) =>
    [
        "Thank you for shopping with us!", "Your code: ", "None", " (Paste it in your MTurk interface.)",
        "Purchased", "asin", asin, "options", options, "attrs", "None", "category", "None", "query", "None", "product category", "None",
        "Target", "asin", "options", "attrs", "price upper", "instuction text", "category", "product category", "query", "Goal ", "None",
        "Reward", "Your score (min 0.0, max 1.0)", reward, "Reward Details ", "None",
    ];

    private static IEnumerable<PagePart> Choices(ProductOption option) =>
        option.Values.Select(value => new PagePart(PartKind.OptionValue, value, option.Name)).Prepend(Text(option.Name));

    private static PagePart[] Kind(Product product) => [Text(product.Category), Text(product.Query), Text(product.ProductCategory)];

    private static PagePart[] Heading(string instruction) => [Text("Instruction:"), Text(instruction), BackToSearch];

    private static PagePart Text(string text) => new(PartKind.Text, text);
}
