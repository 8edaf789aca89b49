namespace SandQueue.Environments.WebShop.Rewards;

/// <summary>
/// The colour words that stand for every colour option that contains them. They are tried in this order, so that
/// "dark red" is "dark" and "wine red" is "red".
/// </summary>
internal static class ColourNames
{
    private static readonly string[] Names = (
        "alabaster apricot aqua ash asphalt azure banana beige black blue blush bordeaux bronze brown burgundy camel camo "
        + "caramel champagne charcoal cheetah chestnut chocolate christmas coffee cognac copper coral cranberry cream crystal "
        + "dark denim eggplant elephant espresso fuchsia gold granite grape graphite grass gray green grey heather indigo ivory "
        + "ivy khaki lavender lemon leopard light lilac lime magenta maroon mauve merlot midnight mint mocha multicolor "
        + "mushroom mustard natural navy nude olive orange peach pewter pink plum purple rainbow red rose royal rust sand "
        + "sapphire seashell silver skull slate steel stone stonewash sunflower tan taupe teal tiger turquoise violet walnut "
        + "wheat white wine yellow").Split(' ');

    /// <summary>The first colour word inside a value, or the value itself.</summary>
    public static string Normalize(string value) =>
        Array.Find(Names, name => value.Contains(name, StringComparison.Ordinal)) ?? value;

    /// <summary>The first colour word that is the name or the value as a whole, or null.</summary>
    public static string? Among(string name, string value) => Array.Find(Names, colour => colour == name || colour == value);
}
