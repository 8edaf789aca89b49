namespace SandQueue.EndToEnd.Readme;

/// <summary>A block of the README, or of a page like it, that is marked to be run, and what the page says that it prints.</summary>
/// <param name="Line">Where it begins, from 1.</param>
/// <param name="Language">What the block is marked as.</param>
/// <param name="Code">The block.</param>
/// <param name="Output">The text of the block right after it; null where there is none.</param>
internal sealed record ReadmeBlock(int Line, string Language, string Code, string? Output)
{
    private const string Mark = "<!-- runs -->";
    private const string Fence = "```";

    public static IEnumerable<ReadmeBlock> Read(string file)
    {
        var lines = File.ReadAllLines(file);
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i] != Mark) continue;
            var (language, code, next) = Block(lines, i + 1);
            var output = next < lines.Length && lines[next] is "```text" or "```json" ? Block(lines, next).Text : null;
            yield return new ReadmeBlock(i + 2, language, code, output);
        }
    }

    private static (string Language, string Text, int Next) Block(string[] lines, int start)
    {
        lines[start].ShouldStartWith(Fence);
        var end = Array.IndexOf(lines, Fence, start + 1);
        return (lines[start][Fence.Length..], string.Join('\n', lines[(start + 1)..end]), end + 1);
    }
}
