namespace SandQueue.Environments.WebShop.Shopping;

/// <summary>The pages behind a product's page, by the words on their buttons.</summary>
internal static class ItemPages
{
    public const string Description = "Description";
    public const string Features = "Features";
    public const string Reviews = "Reviews";
    public const string Attributes = "Attributes";

    private static readonly string[] Known = [Description, Features, Reviews, Attributes];

    /// <summary>The buttons of a product's page; attributes only where the episode asks for them.</summary>
    public static ReadOnlySpan<string> Shown(bool withAttributes) => Known.AsSpan(0, withAttributes ? 4 : 3);

    public static IEnumerable<string> Names(bool withAttributes) => Shown(withAttributes).ToArray();

    /// <summary>The page whose button was clicked, or null. An option value of the same name leads there too.</summary>
    public static string? Find(string clicked) => Array.Find(Known, name => string.Equals(name, clicked, StringComparison.OrdinalIgnoreCase));
}
