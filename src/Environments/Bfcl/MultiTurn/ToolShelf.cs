using System.Collections.Concurrent;
using SandQueue.Environments.Bfcl.Catalogue;
using SandQueue.Environments.Bfcl.Prompts;

namespace SandQueue.Environments.Bfcl.MultiTurn;

/// <summary>
/// The tools by the classes they belong to. Hundreds of tasks share a handful of combinations, and the schemas of one
/// are tens of kilobytes.
/// </summary>
internal sealed class ToolShelf(FunctionDocs docs)
{
    private readonly ConcurrentDictionary<string, OfferedTools> _byClasses = new(StringComparer.Ordinal);

    /// <summary>All tools of some classes, whose descriptions are there.</summary>
    public OfferedTools Of(IReadOnlyList<string> classes) => _byClasses.GetOrAdd(
        string.Join(' ', classes),
        _ => OfferedTools.Of([.. classes.SelectMany(name => docs.Find(name)!)], Language.Python));
}
