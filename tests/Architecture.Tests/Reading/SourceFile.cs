using System.Text.RegularExpressions;

namespace SandQueue.Architecture.Tests.Reading;

/// <summary>A C# file of the repository.</summary>
/// <param name="Path">From the repository's root, with slashes.</param>
/// <param name="Text">All of it.</param>
internal sealed partial record SourceFile(string Path, string Text)
{
    public string Name => System.IO.Path.GetFileName(Path);

    public int Lines => Text.Count(character => character == '\n');

    /// <summary>Its folder without the first, with points: <c>Workers.Recovery</c> for <c>src/Workers/Recovery/…</c>.</summary>
    public string Folder => string.Join('.', Path.Split('/')[1..^1]);

    /// <summary>The namespace it declares; null where it declares none.</summary>
    public string? Namespace => NamespaceLine().Match(Text) is { Success: true } match ? match.Groups["name"].Value : null;

    /// <summary>The namespaces and types of ours that it imports.</summary>
    public IEnumerable<string> Imports => ImportLine().Matches(Text).Select(match => match.Groups["name"].Value);

    [GeneratedRegex(@"^namespace (?<name>[\w.]+)", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"^\s*(global )?using (static )?(\w+ = )?(global::)?(?<name>SandQueue\.[\w.]+)", RegexOptions.Multiline)]
    private static partial Regex ImportLine();
}
