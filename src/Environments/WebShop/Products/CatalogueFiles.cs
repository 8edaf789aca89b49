namespace SandQueue.Environments.WebShop.Products;

/// <summary>Which files hold what, by the names under which they are public.</summary>
/// <param name="Source">In words, for people.</param>
/// <param name="Open">Opens one of the files.</param>
/// <param name="Products"><c>items_*.json</c>, else <c>documents*.jsonl</c>.</param>
/// <param name="Annotations"><c>items_ins*.json</c>: attributes and instructions.</param>
/// <param name="HumanInstructions"><c>items_human_ins*.json</c>, or null.</param>
/// <param name="Nouns"><c>nouns*.jsonl</c>, or null.</param>
internal sealed record CatalogueFiles(
    string Source,
    Func<string, Stream> Open,
    string Products,
    string Annotations,
    string? HumanInstructions = null,
    string? Nouns = null)
{
    private const string WhatToDo = "environments/webshop/README.md says how to get the data, and without SANDQUEUE_WEBSHOP_DATA the sample is served";

    private const string Resources = "SandQueue.Environments.WebShop.Sample.";

    /// <summary>The small catalogue of our own that is part of the program.</summary>
    public static CatalogueFiles Sample { get; } = new(
        "SandQueue's own sample catalogue",
        name => typeof(CatalogueFiles).Assembly.GetManifestResourceStream(Resources + name)!,
        "items_sample.json",
        "items_ins_sample.json");

    /// <exception cref="InvalidDataException">A file is missing, or there are two of a kind.</exception>
    public static CatalogueFiles Find(string folder)
    {
        if (!Directory.Exists(folder)) throw new InvalidDataException($"WebShop data: there is no folder {folder}; {WhatToDo}");

        var annotations = Names(folder, "items_ins*.json");
        var human = Names(folder, "items_human_ins*.json");
        var items = Names(folder, "items*.json").Except(annotations).Except(human).ToArray();
        var products = One(folder, items.Length > 0 ? items : Names(folder, "documents*.jsonl"))
            ?? throw Missing(folder, "products, items_*.json or documents*.jsonl");
        return new CatalogueFiles(
            products,
            name => File.OpenRead(Path.Combine(folder, name)),
            products,
            One(folder, annotations) ?? throw Missing(folder, "attributes and instructions, items_ins*.json"),
            One(folder, human),
            One(folder, Names(folder, "nouns*.jsonl")));
    }

    private static string[] Names(string folder, string pattern) =>
        [.. Directory.EnumerateFiles(folder, pattern).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private static string? One(string folder, string[] files) => files.Length <= 1
        ? files.SingleOrDefault()
        : throw new InvalidDataException($"WebShop data: {folder} has {string.Join(" and ", files)}; leave one of them");

    private static InvalidDataException Missing(string folder, string what) => new($"WebShop data: {folder} lacks the file with {what}; {WhatToDo}");
}
