namespace SandQueue.Environments.WebShop.Products;

/// <summary>Collects what could not be read; a file of the wrong kind has a million bad lines, so the list has an end.</summary>
internal sealed class Problems
{
    private const int Most = 100;

    private readonly List<string> _lines = [];
    private int _count;

    public IReadOnlyList<string> Lines => _count <= Most ? _lines : [.. _lines, $"and {_count - Most} more"];

    public void Add(string file, int line, string what) => Add($"{file} line {line}: {what}");

    public void Add(string what)
    {
        if (++_count <= Most) _lines.Add(what);
    }
}
