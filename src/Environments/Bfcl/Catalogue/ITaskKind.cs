using System.Text.Json;
using SandQueue.Environments.Abstractions.Episodes;

namespace SandQueue.Environments.Bfcl.Catalogue;

/// <summary>
/// A way of playing tasks (single-turn, …). It names the categories it plays, judges their lines when they are loaded,
/// and makes instances. One object serves all threads.
/// </summary>
internal interface ITaskKind
{
    /// <summary>The categories it plays, in the order their tasks are listed.</summary>
    IReadOnlyList<BfclCategory> Categories { get; }

    /// <summary>What makes a task unplayable, in a few words, or null where it is sound.</summary>
    /// <param name="category">The category whose file the line is in.</param>
    /// <param name="task">The line of the question file: an object with an <c>id</c>.</param>
    /// <param name="answer">The line of the answer file with the same id; undefined where the category has no answers.</param>
    string? Flaw(BfclCategory category, JsonElement task, JsonElement answer);

    /// <exception cref="InvalidRequestException">A parameter is wrong.</exception>
    IInstance Create(BfclTask task, EpisodeParameters parameters);
}
