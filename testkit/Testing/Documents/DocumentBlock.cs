namespace SandQueue.Testing.Documents;

/// <summary>A fenced block of a page of ours that stands behind a mark, <c>&lt;!-- KIND: SUBJECT --&gt;</c>.</summary>
/// <param name="Kind">What is to be done with it.</param>
/// <param name="Subject">With what.</param>
/// <param name="Text">The block, with a line end.</param>
/// <param name="Output">The <c>text</c> block right after it; null where there is none.</param>
public sealed record DocumentBlock(string Kind, string Subject, string Text, string? Output)
{
    private const string Open = "<!-- ";
    private const string Close = " -->";
    private const string Fence = "```";

    /// <param name="page">The page's path in the repository.</param>
    public static IReadOnlyList<DocumentBlock> Read(string page)
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, page));
        var read = new List<DocumentBlock>();
        for (var i = 0; i + 1 < lines.Length; i++)
        {
            if (!lines[i].StartsWith(Open, StringComparison.Ordinal) || !lines[i + 1].StartsWith(Fence, StringComparison.Ordinal)) continue;
            var mark = lines[i][Open.Length..^Close.Length].Split(": ", 2);
            var end = Array.IndexOf(lines, Fence, i + 2);
            var output = end + 1 < lines.Length && lines[end + 1] == $"{Fence}text" ? string.Join('\n', lines[(end + 2)..Array.IndexOf(lines, Fence, end + 2)]) : null;
            read.Add(new DocumentBlock(mark[0], mark.Length > 1 ? mark[1] : "", string.Join('\n', lines[(i + 2)..end]) + "\n", output));
        }

        return read;
    }
}
