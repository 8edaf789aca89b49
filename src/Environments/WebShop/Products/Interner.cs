namespace SandQueue.Environments.WebShop.Products;

/// <summary>Numbers texts that repeat often, so that each is kept once.</summary>
internal sealed class Interner
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<string> _texts = [];

    public int Add(string text)
    {
        if (_numbers.TryGetValue(text, out var number)) return number;
        _numbers.Add(text, _texts.Count);
        _texts.Add(text);
        return _texts.Count - 1;
    }

    public string Text(int number) => _texts[number];

    /// <summary>The text's number, or -1.</summary>
    public int Find(string text) => _numbers.GetValueOrDefault(text, -1);
}
