using SandQueue.Environments.Bfcl.Catalogue;
using SandQueue.Environments.Bfcl.MultiTurn.Scoring;
using SandQueue.Environments.Bfcl.MultiTurn.Services;
using SandQueue.Environments.Bfcl.Prompts;

namespace SandQueue.Environments.Bfcl.MultiTurn;

/// <summary>What all episodes of a task share. Immutable.</summary>
/// <param name="Source">The task as its files have it.</param>
/// <param name="Turns">What the user says, turn by turn.</param>
/// <param name="Tools">All tools, those withheld at first among them.</param>
/// <param name="Withheld">The names of tools that are handed out later, by turn.</param>
/// <param name="Start">The services as the task starts them.</param>
/// <param name="Truth">The ground truth, played when the first episode needs it.</param>
/// <param name="Approximate">Why the task is not quite the official one; null where it is.</param>
internal sealed record MultiTurnTask(
    BfclTask Source,
    IReadOnlyList<UserTurn> Turns,
    OfferedTools Tools,
    IReadOnlyDictionary<int, IReadOnlyList<string>> Withheld,
    IReadOnlyList<Service> Start,
    Lazy<GroundTruth> Truth,
    string? Approximate)
{
    /// <summary>The tools that are offered in a turn, first one 0.</summary>
    public OfferedTools ToolsIn(int turn) => Tools.Without(
        Withheld.Where(later => later.Key > turn).SelectMany(later => later.Value).ToHashSet(StringComparer.Ordinal));

    /// <summary>The tools that come with a turn, or null where none do.</summary>
    public OfferedTools? HandedOutIn(int turn) => Withheld.TryGetValue(turn, out var names)
        ? Tools.Only(names.ToHashSet(StringComparer.Ordinal))
        : null;
}
