using System.Text.RegularExpressions;

namespace SandQueue.Workers.Protocols.AppWorld;

/// <summary>Finds the program in an agent's message.</summary>
internal static partial class AppWorldCode
{
    /// <summary>
    /// Its fenced blocks that say they are Python, one after the other; where none says what it is, all of them. A last block
    /// that is not closed reaches to the end: generation is often stopped at the fence. Null where there is no block.
    /// </summary>
    public static string? Find(string content)
    {
        var blocks = Block().Matches(content).Select(block => (Language: block.Groups["language"].Value, Code: block.Groups["code"].Value.TrimEnd('\n', '\r'))).ToList();
        var python = blocks.Where(block => block.Language is "python" or "py" or "python3").ToList();
        if (python.Count == 0) python = [.. blocks.Where(block => block.Language.Length == 0)];
        return python.Count == 0 ? null : string.Join("\n\n", python.Select(block => block.Code));
    }

    [GeneratedRegex(@"^[ \t]*```(?>[ \t]*)(?>(?<language>[A-Za-z0-9+#.]*))[^\n`]*\n(?<code>.*?)(^[ \t]*```[ \t]*\r?$|\z)", RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Block();
}
