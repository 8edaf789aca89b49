namespace SandQueue.Architecture.Tests;

/// <summary>A table in Markdown whose rows say what something may use.</summary>
/// <param name="Text">The table, as pages show it.</param>
internal sealed record Table(string Text)
{
    /// <summary>The rows: a name, and what it may use. <c>nothing</c> stands for an empty list.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Rows { get; } = Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)[2..]
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
        .ToDictionary(cells => cells[1], cells => (IReadOnlyList<string>)(cells[2] == "nothing" ? [] : cells[2].Split(", ")));
}
