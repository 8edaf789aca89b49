using SandQueue.Environments.WebShop.Text;

namespace SandQueue.Environments.WebShop.Shopping;

/// <summary>A page as the agent gets it: its address, its texts, and what can be clicked.</summary>
internal sealed class Page
{
    private readonly OrderedDictionary<string, Clickable> _clickables = new(StringComparer.Ordinal);

    public Page(string url, bool hasSearchBar, IReadOnlyList<PagePart> parts)
    {
        (Url, HasSearchBar, Parts) = (url, hasSearchBar, parts);
        AddClickables(PartKind.Button);
        AddClickables(PartKind.ProductLink);
        AddClickables(PartKind.OptionValue);
    }

    public string Url { get; }

    public bool HasSearchBar { get; }

    public IReadOnlyList<PagePart> Parts { get; }

    /// <summary>What can be clicked: buttons, then product links, then option values. Of two equal texts the later one is hit.</summary>
    public IReadOnlyList<string> Clickables => _clickables.Keys;

    public Clickable? Find(string text) => _clickables.TryGetValue(text, out var clickable) ? clickable : null;

    private void AddClickables(PartKind kind)
    {
        foreach (var part in Parts)
        {
            if (part.Kind != kind) continue;
            var text = kind == PartKind.OptionValue ? part.Text : PythonText.Lower(part.Text);
            _clickables[text] = new Clickable(kind, part.Option);
        }
    }
}
